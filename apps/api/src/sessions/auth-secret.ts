import { randomBytes } from 'node:crypto';
import type { Db } from 'mongodb';

interface Setting {
  readonly _id: string;
  readonly value: string;
}

/**
 * The secret that signs session cookies when the operator sets none: made once, shared by all api
 * processes through the database that holds the sessions themselves.
 */
export async function authSecret(db: Db): Promise<string> {
  const settings = db.collection<Setting>('settings');
  const setting = await settings.findOneAndUpdate(
    { _id: 'auth-secret' },
    { $setOnInsert: { value: randomBytes(32).toString('base64url') } },
    { upsert: true, returnDocument: 'after' },
  );
  if (!setting) throw new Error('The secret of the sessions could neither be read nor made');
  return setting.value;
}
