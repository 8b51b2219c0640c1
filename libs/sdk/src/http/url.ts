import { containsSecret } from '../common/redact.js';
import { invalidArgument } from '../common/settings.js';

export type QueryValue = string | number | Date | undefined;

/**
 * The address of a call; fields that are `undefined` are left out.
 *
 * @throws KeytrailError `invalid_argument` when a key would stand in it: addresses are logged everywhere
 */
export function addressOf(baseUrl: string, path: string, query: object = {}): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, QueryValue][]) {
    if (value !== undefined) fields.set(name, toText(name, value));
  }
  const search = fields.toString();
  const address = `${baseUrl}${path}${search === '' ? '' : `?${search}`}`;
  if (containsSecret(address)) {
    throw invalidArgument('A key must not stand in an address; name a key by its id.');
  }
  return address;
}

/** One id as a segment of a path. @throws KeytrailError `invalid_argument` */
export function segment(id: string): string {
  if (/^\.*$/.test(id)) throw invalidArgument('The id must not be empty.');
  return encodeURIComponent(id);
}

function toText(name: string, value: Exclude<QueryValue, undefined>): string {
  if (!(value instanceof Date)) return String(value);
  if (Number.isNaN(value.getTime())) throw invalidArgument(`${name} is not a valid date.`);
  return value.toISOString();
}
