import { withoutKeys } from '../api/key-text.js';

/** The address holds every filter as plain text: `?status=Active&q=ci`, never JSON, and never a key. */
export type Search = Readonly<Record<string, string>>;

export const parseSearch = (search: string): Search =>
  Object.fromEntries(
    [...new URLSearchParams(search)].map(([name, value]) => [name, withoutKeys(value)]),
  );

export function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  return given.length > 0
    ? `?${new URLSearchParams(given.map(([name, value]) => [name, withoutKeys(value)])).toString()}`
    : '';
}

/** Keeps the named members of an address that are text, and drops everything else. */
export const only =
  <Name extends string>(...names: readonly Name[]) =>
  (search: Record<string, unknown>): { [Member in Name]?: string | undefined } => {
    const known: { [Member in Name]?: string | undefined } = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === 'string' && value !== '') known[name] = value;
    }
    return known;
  };
