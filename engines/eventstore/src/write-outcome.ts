/** How the event store decided on one write. */
export type WriteOutcome =
  /**
   * Written, or found to be written before. Revision -1: an append of no events to no stream. No
   * position: a repeat of events that are hidden.
   */
  | { readonly kind: 'written'; readonly revision: number; readonly position: number | undefined }
  /** `current` is -1 when the stream does not exist. */
  | { readonly kind: 'wrong_expected_revision'; readonly current: number }
  | { readonly kind: 'stream_deleted' };
