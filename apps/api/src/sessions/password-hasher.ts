import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** scrypt with the parameters of the sign-in library, whose hashes stay readable by it and by this. */
const PARAMETERS = { N: 16_384, r: 16, p: 1, maxmem: 64 * 1_024 * 1_024 };
const KEY_BYTES = 64;
const SALT_BYTES = 16;
const IDLE_MS = 30_000;

/** Plain JavaScript, since tests run from sources that a thread could not load. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { scryptSync } = require('node:crypto');
const { keyBytes, parameters } = workerData;
parentPort.on('message', ({ id, password, salt }) => {
  parentPort.postMessage({ id, key: scryptSync(password, salt, keyBytes, parameters) });
});
`;

interface Derived {
  readonly id: number;
  readonly key: Uint8Array;
}

interface Waiting {
  readonly resolve: (key: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Hashes passwords, one after another, in a thread of its own: neither the event loop nor the threads
 * by which files and names are looked up are ever busy with one. The thread ends when it is idle.
 */
export class PasswordHasher {
  private thread: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  private latestId = 0;
  private readonly waiting = new Map<number, Waiting>();

  readonly hash = async (password: string): Promise<string> => {
    const salt = randomBytes(SALT_BYTES).toString('hex');
    const key = await this.derive(password, salt);
    return `${salt}:${Buffer.from(key).toString('hex')}`;
  };

  readonly verify = async (given: { hash: string; password: string }): Promise<boolean> => {
    const [salt = '', expected = ''] = given.hash.split(':');
    const key = await this.derive(given.password, salt);
    const known = Buffer.from(expected, 'hex');
    return known.length === key.length && timingSafeEqual(known, key);
  };

  private derive(password: string, salt: string): Promise<Uint8Array> {
    clearTimeout(this.idle);
    const thread = (this.thread ??= this.start());
    const id = (this.latestId += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      thread.postMessage({ id, password: password.normalize('NFKC'), salt });
    });
  }

  private start(): Worker {
    const thread = new Worker(PROGRAM, {
      eval: true,
      execArgv: [],
      env: {},
      workerData: { keyBytes: KEY_BYTES, parameters: PARAMETERS },
    });
    thread.unref();
    thread.on('message', ({ id, key }: Derived) => {
      this.waiting.get(id)?.resolve(key);
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.endWhenIdle(thread);
    });
    thread.once('error', (error) => {
      this.lose(thread, error);
    });
    return thread;
  }

  private endWhenIdle(thread: Worker): void {
    this.idle = setTimeout(() => {
      this.thread = undefined;
      void thread.terminate();
    }, IDLE_MS).unref();
  }

  /** The next password begins a thread anew. */
  private lose(thread: Worker, error: Error): void {
    if (this.thread === thread) this.thread = undefined;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
