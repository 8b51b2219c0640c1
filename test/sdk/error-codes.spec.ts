import { readFileSync } from 'node:fs';
import { problemCodes } from '../../apps/api/test/harness/public-names.js';

/** The members of a union of texts, as its source lists them. */
function membersOf(type: string, path: string): string[] {
  const source = readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, union = ''] = new RegExp(`export type ${type} =([^;]*);`).exec(source) ?? [];
  return Array.from(union.matchAll(/'(\w+)'/g), ([, member = '']) => member);
}

it('the SDK knows every code that the API can answer, and no other', () => {
  const known = membersOf('ApiErrorCode', '../../libs/sdk/src/common/error-codes.ts');
  expect(known.sort()).toEqual([...problemCodes].sort());
});
