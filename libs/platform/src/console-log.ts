import { format } from 'node:util';
import type { Logger } from 'pino';

const levels = { debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const;

/**
 * From now on what libraries write to the console is lines of the log, with its level and its redaction:
 * some write there whatever they are told, and quote what strangers sent.
 */
export function logConsole(logger: Logger): void {
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...said: unknown[]) => {
      logger[level]({ said: format(...said) }, 'a library writes to the console');
    };
  }
}
