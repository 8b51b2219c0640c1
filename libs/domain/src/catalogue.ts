import type { AccountEvent } from './accounts/account-events.js';
import type { AuditExported } from './audit/audit-events.js';
import type { KeyEvent, KeyRefused, KeyUsed } from './keys/key-events.js';
import type { LogOpened } from './log/log-events.js';
import type { SessionEvent } from './sessions/session-events.js';
import type { StreamFamily, StreamName } from './common/streams.js';

/** Everything that Keytrail writes into the log. */
export type KeytrailEvent =
  LogOpened | KeyEvent | KeyUsed | KeyRefused | AccountEvent | SessionEvent | AuditExported;

export type EventType = KeytrailEvent['type'];

/** The events that are entries of an account's audit trail, and in its event feed. */
export type EventOfAccount = Extract<
  KeytrailEvent,
  { readonly data: { readonly accountId: string } }
>;

interface Row {
  /** The streams that it is written to. */
  readonly family: StreamFamily;
  /** The version of its shape. An optional field that older events lack makes no new version. */
  readonly schemaVersion: number;
}

/** How the account sees an event in its event feed. */
interface Published<Event extends EventOfAccount> {
  /** The CloudEvents type, with the version of its schema in docs/events/. */
  readonly feedType: `keytrail.${string}.v${number}`;
  /** What it is about: the field of its data that names it. */
  readonly subject: keyof Event['data'] & ('keyId' | 'userId' | 'invitationId' | 'accountId');
}

type RowOf<Event extends KeytrailEvent> = Event extends EventOfAccount
  ? Row & Published<Event>
  : Row;

/** The one table of all events. docs/how-to-add-an-event.md tells what belongs to a new one. */
export const catalogue = {
  LogOpened: { family: 'log', schemaVersion: 1 },
  KeyCreated: {
    family: 'apiKey',
    schemaVersion: 1,
    feedType: 'keytrail.key.created.v1',
    subject: 'keyId',
  },
  KeyUsed: {
    family: 'keyUsage',
    schemaVersion: 1,
    feedType: 'keytrail.key.used.v1',
    subject: 'keyId',
  },
  KeyRevoked: {
    family: 'apiKey',
    schemaVersion: 1,
    feedType: 'keytrail.key.revoked.v1',
    subject: 'keyId',
  },
  KeyRefused: {
    family: 'keyRefusal',
    schemaVersion: 1,
    feedType: 'keytrail.key.refused.v1',
    subject: 'keyId',
  },
  AccountOpened: {
    family: 'account',
    schemaVersion: 1,
    feedType: 'keytrail.account.opened.v1',
    subject: 'accountId',
  },
  MemberInvited: {
    family: 'account',
    schemaVersion: 1,
    feedType: 'keytrail.invitation.created.v1',
    subject: 'invitationId',
  },
  InvitationWithdrawn: {
    family: 'account',
    schemaVersion: 1,
    feedType: 'keytrail.invitation.withdrawn.v1',
    subject: 'invitationId',
  },
  MemberJoined: {
    family: 'account',
    schemaVersion: 1,
    feedType: 'keytrail.member.joined.v1',
    subject: 'userId',
  },
  MemberRoleChanged: {
    family: 'account',
    schemaVersion: 1,
    feedType: 'keytrail.member.role-changed.v1',
    subject: 'userId',
  },
  MemberRenamed: {
    family: 'account',
    schemaVersion: 1,
    feedType: 'keytrail.member.renamed.v1',
    subject: 'userId',
  },
  MemberRemoved: {
    family: 'account',
    schemaVersion: 1,
    feedType: 'keytrail.member.removed.v1',
    subject: 'userId',
  },
  SignedIn: {
    family: 'session',
    schemaVersion: 1,
    feedType: 'keytrail.session.started.v1',
    subject: 'userId',
  },
  SignInFailed: {
    family: 'session',
    schemaVersion: 1,
    feedType: 'keytrail.session.refused.v1',
    subject: 'userId',
  },
  SignedOut: {
    family: 'session',
    schemaVersion: 1,
    feedType: 'keytrail.session.ended.v1',
    subject: 'userId',
  },
  SessionsEnded: {
    family: 'session',
    schemaVersion: 1,
    feedType: 'keytrail.session.all-ended.v1',
    subject: 'userId',
  },
  PasswordChanged: {
    family: 'session',
    schemaVersion: 1,
    feedType: 'keytrail.password.changed.v1',
    subject: 'userId',
  },
  AuditExported: {
    family: 'audit',
    schemaVersion: 1,
    feedType: 'keytrail.audit.exported.v1',
    subject: 'accountId',
  },
} as const satisfies {
  readonly [Type in EventType]: RowOf<Extract<KeytrailEvent, { readonly type: Type }>>;
};

type Catalogue = typeof catalogue;

/** The events that are written to the streams of one family. */
export type EventIn<Family extends StreamFamily> = Extract<
  KeytrailEvent,
  {
    readonly type: {
      [Type in EventType]: Catalogue[Type]['family'] extends Family ? Type : never;
    }[EventType];
  }
>;

/** The events that are written to a stream of this name. */
export type EventOf<Name extends StreamName> = {
  [Family in StreamFamily]: Name extends StreamName<Family> ? EventIn<Family> : never;
}[StreamFamily];

/** The names of the streams that these events are written to. */
export type StreamNameOf<Event extends KeytrailEvent> = StreamName<
  Catalogue[Event['type']]['family']
>;
