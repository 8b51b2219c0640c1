import { destination, pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { redact, withoutUserInfo } from './redaction.js';

export type { Logger } from 'pino';

/**
 * A logger of JSON lines on standard output. Whatever a line holds, in whichever field, what looks
 * like a key, and the password of a connection string, is scrubbed from the finished line: redaction by path misses nested fields and messages.
 *
 * @param part the process that speaks, such as `api`
 * @param target where lines go, for tests
 */
export function createLogger(
  part: string,
  level: string,
  target: DestinationStream = standardOutput(),
): Logger {
  return pino(
    { level, base: { part, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    {
      write: (line: string) => {
        target.write(withoutUserInfo(redact(line)));
      },
    },
  );
}

const BUFFERED_BYTES = 4_096;
const LONGEST_WAIT_MS = 200;

/** Lines go out together, a fifth of a second late at most, and all of them before a normal exit. */
function standardOutput(): DestinationStream {
  const output = destination({
    fd: 1,
    sync: false,
    minLength: BUFFERED_BYTES,
    periodicFlush: LONGEST_WAIT_MS,
  });
  process.on('exit', () => {
    output.flushSync();
  });
  return output;
}
