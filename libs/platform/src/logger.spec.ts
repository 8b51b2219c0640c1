import { createLogger } from './logger.js';
import { redact, withoutUserInfo } from './redaction.js';

const secret = 'axk_Kq3ZtT0bH1xVw9RfLm2YpD7sNc4GjE8uAo5S1xYzAB';

const hex = (text: string, index: number): string => text.charCodeAt(index).toString(16);

describe('G5 secrets stay secret: a log line', () => {
  it.each([
    ['the message', [`key is ${secret}`]],
    ['a field', [{ apiKey: secret }, 'x']],
    ['a nested field', [{ a: { b: [{ authorization: `Bearer ${secret}` }] } }, 'x']],
    ["an error's message", [{ err: new Error(`bad key ${secret}`) }, 'x']],
    ['the name of a field', [{ [secret]: 1 }, 'x']],
    ['an address with a character encoded', [`GET /${secret.replace('_', '%5F')}`]],
    [
      'an address with the end encoded',
      [`GET /${secret.slice(0, 40)}%${hex(secret, 40)}${secret.slice(41)}`],
    ],
    ['a key cut short', [`key is ${secret.slice(0, 40)}`]],
  ] as const)('never holds a key, not in %s', (_, parts) => {
    const lines: string[] = [];
    const logger = createLogger('test', 'info', { write: (line) => void lines.push(line) });
    logger.info(...(parts as unknown as [object, string]));
    expect(lines).toHaveLength(1);
    expect(() => JSON.parse(lines[0] ?? '') as unknown).not.toThrow();
    expect(lines[0]).not.toContain(secret.slice(5, 30));
    expect(lines[0]).not.toContain(secret.slice(41));
    expect(lines[0]).toContain('axk_[redacted]');
  });
});

describe('the password of a connection string', () => {
  it.each([
    ['the message', ['cannot reach mongodb://keytrail:opensesame@127.0.0.1:27017/']],
    ['a field', [{ MONGODB_URL: 'mongodb://keytrail:opensesame@127.0.0.1:27017/' }, 'x']],
    ["an error's message", [{ err: new Error('esdb://keytrail:opensesame@h?tls=false') }, 'x']],
    ['two of them', ['esdb://keytrail:opensesame@h and mongodb://k:opensesame@[::1]/']],
    ['one that is no address', ['esdb://keytrail:opensesame/@h']],
  ] as const)('is in no log line, not in %s', (_, parts) => {
    const lines: string[] = [];
    const logger = createLogger('test', 'info', { write: (line) => void lines.push(line) });
    logger.info(...(parts as unknown as [object, string]));
    expect(() => JSON.parse(lines[0] ?? '') as unknown).not.toThrow();
    expect(lines[0]).not.toContain('opensesame');
    expect(lines[0]).toContain('://[redacted]@');
  });

  it('is looked for once in a text, however many addresses seem to begin in it', () => {
    // Looked for from each of them, this would take minutes.
    const text = '://'.repeat(400_000);
    expect(withoutUserInfo(text)).toBe(text);
    expect(withoutUserInfo(`${text}a:b@h`)).toBe('://[redacted]@h');
  });
});

describe('redaction', () => {
  it.each([
    'key_6dQxT0bT9xKc4VnRz7YfPs',
    'acc_5hZt0QmXv2RkW8yLc1NbDs',
    '/v1/api-keys?limit=5',
    '/a%41%2541/%C3%BC%20%5F%zz%',
  ])('leaves %s alone', (text) => {
    expect(redact(text)).toBe(text);
  });
});
