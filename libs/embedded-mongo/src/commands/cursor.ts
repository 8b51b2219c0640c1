import { BsonType, type RawValue } from '../bson/raw.js';
import { bigintOf } from '../aggregate/numbers.js';

import { MongoFault } from '../errors.js';
import type { Reply } from '../wire/message.js';
import { numberField, textField, type CommandContext } from './context.js';

export async function getMore(context: CommandContext): Promise<Reply> {
  const { body, database, name } = context.command;
  const id = body.get(name);
  if (id?.type !== BsonType.int64) throw new MongoFault(14, "'getMore' must be of type long");
  const namespace = `${database}.${textField(body, 'collection') ?? ''}`;
  return context.cursors.getMore(
    bigintOf(id),
    namespace,
    numberField(body, 'batchSize') || Infinity,
  );
}

export function killCursors({ command, cursors }: CommandContext): Reply {
  const list = command.body.at('cursors');
  const killed: RawValue[] = [];
  const missing: RawValue[] = [];
  for (const id of list.isArray ? list.elements() : []) {
    const isKnown = id.type === BsonType.int64 && cursors.kill(bigintOf(id));
    (isKnown ? killed : missing).push(id);
  }
  return {
    cursorsKilled: killed,
    cursorsNotFound: missing,
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  };
}
