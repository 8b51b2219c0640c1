export { Keytrail } from './keytrail.js';
export { KeytrailError, isKeytrailError } from './common/keytrail-error.js';
export { replaceSecrets } from './common/redact.js';
export type { FieldError } from './common/keytrail-error.js';
export type { ApiErrorCode, ClientErrorCode, KeytrailErrorCode } from './common/error-codes.js';
export type { CallOptions, Fetch, KeytrailOptions } from './common/settings.js';
export { sessionEvents } from './feed/session-events.js';
export type { SessionOptions } from './feed/session-events.js';
export type { EventFeed, EventFeedOptions } from './feed/event-feed.js';
export type { Audit, Keys, Members, Transactions, Usage } from './resources.js';
export type {
  ApiKey,
  ApiKeyPage,
  ApiKeyQuery,
  AuditEntry,
  AuditExportQuery,
  AuditFilter,
  AuditPage,
  AuditQuery,
  FeedEvent,
  MemberList,
  TransactionPage,
  TransactionQuery,
  UsageBucket,
  UsagePage,
  UsageQuery,
  UsageSeries,
  UsageSeriesQuery,
  Use,
  Verification,
  VerifyInput,
  WhoAmI,
} from './common/types.js';
