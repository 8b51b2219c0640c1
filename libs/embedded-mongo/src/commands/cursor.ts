import { Long, type Document } from 'bson';
import { MongoFault } from '../errors.js';
import type { Reply } from '../wire/message.js';
import { numberOption, type CommandContext } from './context.js';

export async function getMore(context: CommandContext): Promise<Reply> {
  const { body, database } = context.command;
  const id: unknown = body.getMore;
  const name: unknown = body.collection;
  if (!(id instanceof Long)) throw new MongoFault(14, "'getMore' must be of type long");
  const batchSize = numberOption(body, 'batchSize');
  return context.cursors.getMore(
    id,
    `${database}.${String(name)}`,
    batchSize === undefined || batchSize === 0 ? Infinity : batchSize,
  );
}

export function killCursors({ command, cursors }: CommandContext): Document {
  const ids = (command.body.cursors ?? []) as unknown[];
  const killed: Long[] = [];
  const missing: Long[] = [];
  for (const id of ids) {
    if (id instanceof Long) (cursors.kill(id) ? killed : missing).push(id);
  }
  return {
    cursorsKilled: killed,
    cursorsNotFound: missing,
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  };
}
