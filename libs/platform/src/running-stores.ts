import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the embedded stores of a DATA_DIR answer while they run. */
export interface StoreUrls {
  readonly EVENTSTOREDB_URL: string;
  readonly MONGODB_URL: string;
}

const fileIn = (dataDir: string): string => join(dataDir, 'stores.json');

/** Leaves a note in DATA_DIR, so that other commands on this machine find the running stores. */
export const announceStores = (dataDir: string, urls: StoreUrls): Promise<void> =>
  writeFile(fileIn(dataDir), `${JSON.stringify(urls)}\n`, { mode: 0o600 });

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
