import type { Fields } from '../bson/raw.js';

import { notImplemented } from '../errors.js';

/** Fields that any command may carry: who sends it, and what holds for its whole session. */
export const COMMON_FIELDS = [
  '$clusterTime',
  '$db',
  '$readPreference',
  'autocommit',
  'comment',
  'lsid',
  'maxTimeMS',
  'readConcern',
  'startTransaction',
  'txnNumber',
  'writeConcern',
] as const;

/** Fields of a statement of `update`. */
export const UPDATE_FIELDS = ['q', 'u', 'multi', 'upsert', 'hint', 'collation'] as const;

/** Fields of a statement of `delete`. */
export const DELETE_FIELDS = ['q', 'limit', 'hint', 'collation'] as const;

export const FIND_FIELDS =
  'filter sort projection hint skip limit batchSize singleBatch allowDiskUse allowPartialResults collation';
export const AGGREGATE_FIELDS =
  'pipeline cursor hint allowDiskUse bypassDocumentValidation collation';

/** What may be explained, with the fields it takes there. */
export const EXPLAINED: ReadonlyMap<string, string> = new Map([
  ['find', FIND_FIELDS],
  ['aggregate', AGGREGATE_FIELDS],
]);

/** Refuses a field that would be passed over, although the server might obey it. */
export function checkFields(fields: Fields, known: readonly string[], of: string): void {
  for (const name of fields.keys()) {
    if (!known.includes(name)) throw notImplemented(`the field '${name}' of ${of}`);
  }
}
