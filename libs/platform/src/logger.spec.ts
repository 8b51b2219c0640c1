import { createLogger } from './logger.js';
import { redact } from './redaction.js';

const secret = 'axk_Kq3ZtT0bH1xVw9RfLm2YpD7sNc4GjE8uAo5S1xYzAB';

describe('a log line', () => {
  it.each([
    ['the message', [`key is ${secret}`]],
    ['a field', [{ apiKey: secret }, 'x']],
    ['a nested field', [{ a: { b: [{ authorization: `Bearer ${secret}` }] } }, 'x']],
    ["an error's message", [{ err: new Error(`bad key ${secret}`) }, 'x']],
    ['the name of a field', [{ [secret]: 1 }, 'x']],
    ['a key cut short', [`key is ${secret.slice(0, 40)}`]],
  ] as const)('never holds a key, not in %s', (_, parts) => {
    const lines: string[] = [];
    const logger = createLogger('test', 'info', { write: (line) => void lines.push(line) });
    logger.info(...(parts as unknown as [object, string]));
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(secret.slice(4, 30));
    expect(lines[0]).toContain('axk_[redacted]');
  });
});

describe('redaction', () => {
  it.each(['key_6dQxT0bT9xKc4VnRz7YfPs', 'acc_5hZt0QmXv2RkW8yLc1NbDs', '/v1/api-keys?limit=5'])(
    'leaves %s alone',
    (text) => {
      expect(redact(text)).toBe(text);
    },
  );
});
