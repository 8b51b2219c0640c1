import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

type Release = () => Promise<void>;

/** Opening with this flag takes an exclusive flock(2). BSD and macOS only, hence not in `constants`. */
const O_EXLOCK = 0x20;

/**
 * Takes the lock of a data directory, if no living process holds it. The kernel owns the lock: it is
 * taken in one step and gone with the process that held it, however that ended, so there is no stale
 * lock to judge by age or process id. It works between processes of one machine (on Linux: of one
 * network namespace), not between machines or containers that share a disk.
 *
 * @param path the directory
 * @param identity what the file system calls it, so that two paths to it are the same lock
 * @returns undefined when another process holds it
 */
export function acquireLock(path: string, identity: string): Promise<Release | undefined> {
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 32);
  return process.platform === 'linux'
    ? bindName(`\0keytrail-data-${digest}`)
    : lockFile(join(path, 'lock'));
}

/** A name in the abstract socket space of Linux, which leaves no file behind. */
async function bindName(name: string): Promise<Release | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.listen(name);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
  return async () => {
    server.close();
    await once(server, 'close');
  };
}

async function lockFile(file: string): Promise<Release | undefined> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK;
  try {
    const handle = await open(file, flags, 0o600);
    return () => handle.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}
