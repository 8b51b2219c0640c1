/** The first event that Keytrail writes in a log, once: which log it is. Stream: `keytrail-log`. */
export interface LogOpened {
  readonly type: 'LogOpened';
  readonly data: { readonly logId: string };
}
