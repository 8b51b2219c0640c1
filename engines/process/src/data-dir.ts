import { constants } from 'node:fs';
import { access, chmod, mkdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StartError } from '@keytrail/platform';
import { acquireLock } from './data-dir-lock.js';

const ownerOnly = 0o700;
/** The rights of all but the owner. */
const OTHERS = 0o077;
/** The sticky bit, of directories such as /tmp. */
const SHARED = 0o1000;

/** What the system says about a directory, in the words of an operator. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a read-only file system',
  ENOTDIR: 'part of the path is not a directory',
  EEXIST: 'it is not a directory',
  ENOSPC: 'the disk is full',
};

export interface DataDir {
  readonly path: string;
  release(): Promise<void>;
}

/**
 * Makes the directory usable for this process alone: creates it when missing, closes it to all but its
 * owner, and locks it.
 *
 * @throws StartError when it cannot be written or another process holds it
 */
export async function claimDataDir(dir: string): Promise<DataDir> {
  const path = resolve(dir);
  try {
    await mkdir(path, { recursive: true, mode: ownerOnly });
    await access(path, constants.W_OK | constants.X_OK);
    await close(path);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new StartError(`DATA_DIR ${path} cannot be used: ${reasons[code] ?? message}`);
  }
  const { dev, ino } = await stat(path, { bigint: true });
  const release = await acquireLock(path, `${dev}-${ino}`);
  if (!release) {
    throw new StartError(
      `DATA_DIR ${path} is in use by another start of Keytrail; stop that one or set another DATA_DIR`,
    );
  }
  return { path, release };
}

/** A directory that existed before may be open to others. What belongs to another user is theirs to close. */
async function close(path: string): Promise<void> {
  const { mode, uid } = await stat(path);
  if ((mode & SHARED) !== 0) {
    throw new StartError(
      `DATA_DIR ${path} cannot be used: it is for all users of this machine; name a directory in it`,
    );
  }
  if (uid === process.geteuid?.() && (mode & OTHERS) !== 0) await chmod(path, ownerOnly);
}
