import type { AccountEvent, KeyEvent, KeyRefused, KeyUsed } from '@keytrail/domain';
import { badInput } from '../http/problem.js';
import type { SessionEvent } from '../sign-in/sign-in-recorder.js';

type LogType =
  (KeyEvent | KeyUsed | KeyRefused | AccountEvent)['type'] | SessionEvent | 'AuditExported';

/** What an event is about: the field of its data that names it. */
type SubjectField = 'keyId' | 'userId' | 'invitationId' | 'accountId';

interface FeedType {
  /** The CloudEvents type, with the version of its schema in docs/events/. */
  readonly type: string;
  readonly subject: SubjectField;
}

/** Every event of the log under the name that subscribers know it by. */
const feedTypes: Readonly<Record<LogType, FeedType>> = {
  KeyCreated: { type: 'keytrail.key.created.v1', subject: 'keyId' },
  KeyUsed: { type: 'keytrail.key.used.v1', subject: 'keyId' },
  KeyRevoked: { type: 'keytrail.key.revoked.v1', subject: 'keyId' },
  KeyRefused: { type: 'keytrail.key.refused.v1', subject: 'keyId' },
  AccountOpened: { type: 'keytrail.account.opened.v1', subject: 'accountId' },
  MemberInvited: { type: 'keytrail.invitation.created.v1', subject: 'invitationId' },
  InvitationWithdrawn: { type: 'keytrail.invitation.withdrawn.v1', subject: 'invitationId' },
  MemberJoined: { type: 'keytrail.member.joined.v1', subject: 'userId' },
  MemberRoleChanged: { type: 'keytrail.member.role-changed.v1', subject: 'userId' },
  MemberRemoved: { type: 'keytrail.member.removed.v1', subject: 'userId' },
  SignedIn: { type: 'keytrail.session.started.v1', subject: 'userId' },
  PasswordChanged: { type: 'keytrail.password.changed.v1', subject: 'userId' },
  AuditExported: { type: 'keytrail.audit.exported.v1', subject: 'accountId' },
};

const table: ReadonlyMap<string, FeedType> = new Map(Object.entries(feedTypes));

/** Every type of event that the log can hold of an account. */
export const logTypes: readonly string[] = [...table.keys()];

/** All types that the feed is documented to carry. */
export const allFeedTypes: readonly string[] = [...table.values()].map(({ type }) => type);

/**
 * The name of a log event in the feed. An event that a newer version of Keytrail wrote still has one,
 * so that the feed has no gaps while processes of two versions run side by side.
 */
export const feedTypeOf = (logType: string): FeedType =>
  table.get(logType) ?? { type: `keytrail.other.${kebab(logType)}.v1`, subject: 'accountId' };

const kebab = (name: string): string =>
  name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

/**
 * The log's event types that a `types` filter asks for: whole feed types or beginnings of them with a
 * trailing `*`, separated by commas. `undefined` when it asks for everything.
 *
 * @throws Problem 400 for a type that the feed never carries
 */
export function logTypesOf(filter: string | undefined): ReadonlySet<string> | undefined {
  const patterns = (filter ?? '').split(',').map((each) => each.trim());
  const asked = patterns.filter((pattern) => pattern !== '');
  const wanted = new Set<string>();
  for (const pattern of asked) {
    const found = [...table].filter(([, { type }]) => matches(pattern, type));
    if (found.length === 0) throw unknownType();
    for (const [logType] of found) wanted.add(logType);
  }
  return asked.length === 0 || wanted.size === table.size ? undefined : wanted;
}

const matches = (pattern: string, type: string): boolean =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

const unknownType = () =>
  badInput([
    {
      field: 'types',
      message: `must be types of the feed, or beginnings of them with a trailing *: ${allFeedTypes.join(', ')}`,
    },
  ]);
