import { createHmac, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, StartError } from '@keytrail/platform';
import type { ApiSettings } from '@keytrail/platform';
import type { Db } from 'mongodb';

interface Setting {
  readonly _id: string;
  readonly value: string;
}

/** Where an earlier version kept the secret: beside the sessions that it signs. */
const EARLIER = 'auth-secret';
const FINGERPRINT = 'auth-secret-fingerprint';

/**
 * The secret that signs session cookies: AUTH_SECRET, or one that is made at the first start and kept
 * in a file of DATA_DIR. It is never in the database, where who reads the sessions would find it; a
 * fingerprint of it is, so that processes with different secrets do not end each other's sessions.
 *
 * @throws StartError when there is no place for it, or others sign with another one
 */
export async function authSecret(
  db: Db,
  { AUTH_SECRET, DATA_DIR }: Pick<ApiSettings, 'AUTH_SECRET' | 'DATA_DIR'>,
): Promise<string> {
  const settings = db.collection<Setting>('settings');
  const secret = AUTH_SECRET ?? (await ofFile(DATA_DIR, await settings.findOne({ _id: EARLIER })));
  const value = createHmac('sha256', secret).update('keytrail sessions').digest('base64url');
  if (AUTH_SECRET === undefined) {
    const known = await settings.findOneAndUpdate(
      { _id: FINGERPRINT },
      { $setOnInsert: { value } },
      { upsert: true, returnDocument: 'after' },
    );
    if (known?.value !== value) throw new StartError(ANOTHER);
  } else {
    await settings.updateOne({ _id: FINGERPRINT }, { $set: { value } }, { upsert: true });
  }
  await settings.deleteOne({ _id: EARLIER });
  return secret;
}

const ANOTHER =
  'sessions are signed with another secret than the one in DATA_DIR; set AUTH_SECRET, the same for all ' +
  'processes of the api';

async function ofFile(dataDir: string, earlier: Setting | null): Promise<string> {
  const file = join(dataDir, 'auth-secret');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const made = earlier?.value ?? randomBytes(32).toString('base64url');
    await writeFile(file, `${made}\n`, { flag: 'wx', mode: 0o600, flush: true }).catch(unlessThere);
    await chmod(file, 0o600);
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const why = `there is no place for a secret in DATA_DIR (${messageOf(error)})`;
    throw new StartError(`AUTH_SECRET is not set, and ${why}; set AUTH_SECRET`);
  }
}

/** Two processes may start at once: the secret is that of the first. */
function unlessThere(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}
