import { inspect } from 'node:util';
import { Keytrail, KeytrailError } from './index.js';
import type { KeytrailOptions } from './index.js';

const apiKey = `axk_${'0Az'.repeat(14)}`;
const baseUrl = 'https://keys.example.com';

describe('a new client', () => {
  const { env } = process;
  beforeEach(() => {
    process.env = { ...env };
    delete process.env['KEYTRAIL_API_KEY'];
    delete process.env['KEYTRAIL_BASE_URL'];
  });
  afterEach(() => {
    process.env = env;
  });

  it('takes key and address from the environment', () => {
    process.env['KEYTRAIL_API_KEY'] = apiKey;
    process.env['KEYTRAIL_BASE_URL'] = baseUrl;
    expect(new Keytrail().toJSON()).toEqual({ baseUrl });
  });

  it('works where there is no process', () => {
    const { process: own } = globalThis;
    Object.defineProperty(globalThis, 'process', {
      value: undefined,
      configurable: true,
      writable: true,
    });
    try {
      expect(new Keytrail({ apiKey, baseUrl })).toBeInstanceOf(Keytrail);
      expect(() => new Keytrail({ baseUrl })).toThrow(/missing_api_key/);
    } finally {
      Object.defineProperty(globalThis, 'process', {
        value: own,
        configurable: true,
        writable: true,
      });
    }
  });

  it.each<[code: string, options: KeytrailOptions]>([
    ['missing_api_key', { baseUrl }],
    ['missing_base_url', { apiKey }],
    ['malformed_key', { baseUrl, apiKey: 'axk_1234' }],
    ['malformed_key', { baseUrl, apiKey: `${apiKey}\n` }],
    ['malformed_key', { baseUrl, apiKey: `Bearer ${apiKey}` }],
    ['malformed_key', { baseUrl, apiKey: '' }],
    ['invalid_argument', { apiKey, baseUrl: 'keys.example.com' }],
    ['invalid_argument', { apiKey, baseUrl: 'ftp://keys.example.com' }],
    ['invalid_argument', { apiKey, baseUrl: 'https://ada:secret@keys.example.com' }],
    ['invalid_argument', { apiKey, baseUrl: 'https://keys.example.com?x' }],
    ['invalid_argument', { apiKey, baseUrl, timeoutMs: 0 }],
    ['invalid_argument', { apiKey, baseUrl, timeoutMs: Number.NaN }],
    ['invalid_argument', { apiKey, baseUrl, maxRetries: -1 }],
    ['invalid_argument', { apiKey, baseUrl, maxRetries: 0.5 }],
  ])('throws %s for %j', (code, options) => {
    const caught = thrownBy(() => new Keytrail(options));
    expect(caught).toMatchObject({ name: 'KeytrailError', code });
    expect(inspect(caught, { depth: null })).not.toContain(apiKey);
  });

  it('throws for positions and types that cannot be meant', () => {
    const keytrail = new Keytrail({ apiKey, baseUrl });
    expect(thrownBy(() => keytrail.events({ from: 'yesterday' }))).toMatchObject({
      code: 'invalid_argument',
    });
    expect(thrownBy(() => keytrail.events({ types: [] }))).toMatchObject({
      code: 'invalid_argument',
    });
  });
});

describe('the key', () => {
  it('is in nothing that is printed of a client', () => {
    const keytrail = new Keytrail({ apiKey, baseUrl });
    const printed = [
      inspect(keytrail, { depth: null, showHidden: true, customInspect: true }),
      inspect(keytrail, { depth: null, showHidden: true, customInspect: false }),
      inspect(keytrail.keys, { depth: null, showHidden: true }),
      inspect(keytrail.events(), { depth: null, showHidden: true }),
      JSON.stringify({ keytrail, feed: keytrail.events() }),
    ];
    for (const text of printed) expect(text).not.toContain(apiKey.slice(4));
  });

  it('is in no error, whoever put it there', () => {
    const cause = Object.assign(new TypeError(`bad header Bearer ${apiKey}`), {
      code: apiKey,
      request: { headers: { authorization: apiKey } },
      cause: new Error(apiKey, { cause: apiKey }),
    });
    const error = new KeytrailError({
      code: apiKey,
      detail: `The key ${apiKey} is unknown`,
      requestId: apiKey,
      errors: [{ field: apiKey, message: apiKey.slice(0, 40) }],
      cause,
    });
    const printed = [
      inspect(error, { depth: null, showHidden: true }),
      JSON.stringify(error),
      String(error),
      error.stack,
    ];
    for (const text of printed) expect(text).not.toContain(apiKey.slice(4, 34));
    expect(error.message).toContain('axk_[redacted]');
    expect(error.cause).toMatchObject({ name: 'TypeError', code: 'axk_[redacted]' });
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
