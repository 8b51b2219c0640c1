import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where the embedded stores of a DATA_DIR answer while they run, with their user's password. */
export interface StoreUrls {
  readonly EVENTSTOREDB_URL: string;
  readonly MONGODB_URL: string;
}

/** 192 random bits, in characters that need no escape in a connection string. */
export const drawStoresPassword = (): string => randomBytes(24).toString('hex');

const fileIn = (dataDir: string): string => resolve(join(dataDir, 'stores.json'));

/**
 * Leaves a note in DATA_DIR, so that other commands of its owner find the running stores.
 *
 * @returns the file
 */
export async function announceStores(dataDir: string, urls: StoreUrls): Promise<string> {
  const file = fileIn(dataDir);
  // One that was left behind may be for others to read, or be held open by them.
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify(urls)}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}

export const withdrawStores = (dataDir: string): Promise<void> =>
  rm(fileIn(dataDir), { force: true });

/**
 * The environment with the addresses of the stores that run on DATA_DIR, when it names none itself.
 * After a crash the note may be of stores that are gone; connecting then fails and says so.
 */
export async function withRunningStores(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  if (env['EVENTSTOREDB_URL'] || env['MONGODB_URL']) return env;
  try {
    const note = await readFile(fileIn(env['DATA_DIR'] || './data'), 'utf8');
    return { ...env, ...(JSON.parse(note) as StoreUrls) };
  } catch {
    return env;
  }
}
