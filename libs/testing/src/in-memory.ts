import type { RecordedEvent } from '@keytrail/event-store';
import { type Operation, project, type ReadModel, type Update } from '@keytrail/projections';

export type Documents = Record<string, Record<string, unknown>>;

/** What operations, one by one, leave in one collection: MongoDB's rules, as far as they are used. */
export function execute(operations: readonly Operation[], documents: Documents = {}): Documents {
  const result = { ...documents };
  for (const operation of operations) {
    if (operation.kind === 'insert') {
      if (operation.id in result) throw new Error(`${operation.id} is already there`);
      result[operation.id] = { ...operation.fields };
    } else {
      change(result, operation);
    }
  }
  return result;
}

/** The documents of a model's main (or a side) collection after these events. */
export function documentsAfter(
  model: ReadModel,
  events: readonly RecordedEvent[],
  side = '',
): Documents {
  const operations = events.flatMap((event) => project(model, event));
  return execute(operations.filter(({ collection = '' }) => collection === side));
}

function change(documents: Documents, update: Update): void {
  const existing = documents[update.id];
  if (!existing && !update.upsert) return;
  if (update.guard !== undefined && existing && String(existing['position']) >= update.guard)
    return;
  const fields = { ...(existing ? {} : update.$setOnInsert), ...existing, ...update.$set };
  if (update.guard !== undefined) fields['position'] = update.guard;
  for (const [name, by] of Object.entries(update.$inc ?? {})) {
    fields[name] = Number(fields[name] ?? 0) + by;
  }
  for (const [name, value] of Object.entries(update.$min ?? {})) {
    if (!(name in fields) || (value as string) < (fields[name] as string)) fields[name] = value;
  }
  for (const [name, value] of Object.entries(update.$max ?? {})) {
    if (!(name in fields) || (value as string) > (fields[name] as string)) fields[name] = value;
  }
  documents[update.id] = fields;
}
