import type { components, operations } from '../api-types.js';

type Schemas = components['schemas'];

/** Who calls: the account and the key. */
export type WhoAmI = Required<Pick<Schemas['WhoAmIAnswer'], 'account' | 'apiKey'>>;
export type ApiKey = Schemas['ListedKey'];
export type ApiKeyPage = Schemas['KeyList'];
/** A request that a key made. */
export type Use = Schemas['Use'];
export type UsagePage = Schemas['UsageList'];
export type TransactionPage = Schemas['TransactionList'];
export type UsageBucket = Schemas['UsageBucket'];
export type UsageSeries = Schemas['UsageSeriesAnswer'];
export type AuditEntry = Schemas['Entry'];
export type AuditPage = Schemas['AuditPage'];
/** The people of the account and who is invited. */
export type MemberList = Schemas['MemberList'];
/** A request that another service was asked to serve, with the key that came with it. */
export type VerifyInput = Schemas['VerifyKeyBody'];
export type Verification = Schemas['VerifiedKey'];

/** A CloudEvents 1.0 envelope. */
export type FeedEvent = Schemas['FeedEvent'] & {
  /** The event's place in the log: keep it, and give it as `from` to go on right after the event. */
  readonly position: string;
};

/** Instants may be given as text in ISO 8601 or as a Date; what is `undefined` is left out. */
type Query<Name extends keyof operations> = {
  readonly [Field in keyof QueryOf<Name>]: Field extends 'from' | 'to'
    ? QueryOf<Name>[Field] | Date | undefined
    : QueryOf<Name>[Field] | undefined;
};
type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>;

export type ApiKeyQuery = Query<'listKeys'>;
export type UsageQuery = Query<'listUsage'>;
export type UsageSeriesQuery = Query<'usageSeries'>;
export type TransactionQuery = Query<'listTransactions'>;
export type AuditQuery = Query<'readAudit'>;
export type AuditExportQuery = Query<'exportAudit'>;
/** Which entries to export. */
export type AuditFilter = Omit<AuditExportQuery, 'format'>;
