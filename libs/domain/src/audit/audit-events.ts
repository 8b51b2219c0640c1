/** Somebody took a part of the audit trail away. Stream: `audit-<day>.<process>`. */
export interface AuditExported {
  readonly type: 'AuditExported';
  readonly data: {
    readonly accountId: string;
    readonly format: 'csv' | 'jsonl';
    /** Which part: the filters of the export by their names, times as ISO 8601. */
    readonly filters: Readonly<Record<string, unknown>>;
  };
}
