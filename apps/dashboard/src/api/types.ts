/** The shapes of the HTTP API, as its OpenAPI document describes them. Times are ISO 8601, UTC. */

export type Role = 'owner' | 'reviewer';
export type KeyStatus = 'Active' | 'Revoked';

export interface Me {
  readonly account: { readonly id: string; readonly name: string };
  readonly user: { readonly id: string; readonly email: string; readonly role: Role };
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly keyPrefix: string;
  readonly status: KeyStatus;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
  readonly revokedBy: string | null;
}

export interface KeyPage {
  readonly keys: readonly ApiKey[];
  readonly activeCount: number;
  readonly nextCursor: string | null;
}

export interface CreatedKey {
  readonly apiKeyId: string;
  /** The secret. It is in this answer and nowhere else. */
  readonly apiKey: string;
  readonly keyPrefix: string;
  readonly name: string;
  readonly createdAt: string;
  readonly warning: string;
}

export interface RequestEvent {
  readonly id: string;
  readonly createdAt: string;
  readonly method: string;
  readonly endpoint: string;
  readonly apiKeyId: string;
  readonly apiKeyName: string;
  readonly apiKeyPrefix: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string;
}

export interface UsagePage {
  readonly events: readonly RequestEvent[];
  readonly nextCursor: string | null;
}

export interface TransactionPage {
  readonly transactions: readonly RequestEvent[];
  readonly nextCursor: string | null;
}

export interface UsageBucket {
  readonly start: string;
  readonly apiKeyId: string;
  readonly count: number;
}

export interface UsageSeries {
  readonly buckets: readonly UsageBucket[];
  /** The uses of all other keys together. */
  readonly others?: readonly Omit<UsageBucket, 'apiKeyId'>[];
}

export interface Actor {
  readonly type: 'user' | 'apiKey' | 'anonymous' | 'system';
  readonly id: string;
  readonly label: string;
}

export interface AuditEntry {
  readonly id: string;
  readonly position: string;
  readonly type: string;
  readonly at: string;
  readonly apiKeyId: string | null;
  readonly apiKeyName: string | null;
  readonly apiKeyPrefix: string | null;
  readonly actor: Actor;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly nextCursor: string | null;
}

export interface Member {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly joinedAt: string;
}

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedAt: string;
  readonly invitedBy: string;
  readonly expiresAt: string;
}

export interface MemberList {
  readonly members: readonly Member[];
  readonly invitations: readonly Invitation[];
}

export interface NewInvitation {
  readonly invitationId: string;
  readonly email: string;
  readonly role: Role;
  /** The link to hand over, its token in the fragment; only in this answer. */
  readonly url: string;
  readonly expiresAt: string;
  readonly mailSent: boolean;
}

export interface InvitationPreview {
  readonly accountName: string;
  readonly email: string;
  readonly role: Role;
}

/** One event of the feed: CloudEvents 1.0 in JSON. */
export interface FeedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly sequence: string;
  readonly data: Readonly<Record<string, unknown>>;
}
