import type { components } from './api-types.js';

type Schemas = components['schemas'];

/** Who is signed in, and to which account; nobody, perhaps. */
export type CurrentSession = Schemas['CurrentSession'];
export type Account = Schemas['ListedAccount'];
export type Role = Account['role'];

export type ApiKey = Schemas['ListedKey'];
export type KeyStatus = ApiKey['status'];
export type KeyPage = Schemas['KeyList'];
export type CreatedKey = Schemas['CreatedKey'];

/** A request that a key made. */
export type RequestEvent = Schemas['Use'];
export type UsagePage = Schemas['UsageList'];
export type TransactionPage = Schemas['TransactionList'];
export type UsageBucket = Schemas['UsageBucket'];
export type UsageSeries = Schemas['UsageSeriesAnswer'];

export type AuditEntry = Schemas['Entry'];
export type AuditPage = Schemas['AuditPage'];

export type EventsPage = Schemas['EventsPage'];
export type FeedEvent = Schemas['FeedEvent'];

export type Member = Schemas['ListedMember'];
export type Invitation = Schemas['ListedInvitation'];
export type MemberList = Schemas['MemberList'];
export type NewInvitation = Schemas['SentInvitation'];
export type InvitationPreview = Schemas['InvitationPreview'];
