import { catalogue } from '@keytrail/domain';
import { badInput } from '../http/problem.js';

interface FeedType {
  /** The CloudEvents type. */
  readonly type: string;
  /** What an event is about: the field of its data that names it. */
  readonly subject: string;
}

/** Every event of an account under the name that subscribers know it by. */
const table: ReadonlyMap<string, FeedType> = new Map(
  Object.entries(catalogue).flatMap(([logType, row]) =>
    'feedType' in row ? [[logType, { type: row.feedType, subject: row.subject }] as const] : [],
  ),
);

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
