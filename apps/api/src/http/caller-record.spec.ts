import { recordOf } from './caller-record.js';

const record = (changes: object) =>
  recordOf({
    ...{ requestId: 'req_1', method: 'GET', path: '/v1/me', ip: '192.0.2.7', userAgent: 'curl/8' },
    ...changes,
  });

describe('what is written down of a request', () => {
  it('is the request id, the method, the path, the address and the user agent', () => {
    expect(record({})).toEqual({
      ...{ requestId: 'req_1', method: 'GET', path: '/v1/me' },
      ...{ ip: '192.0.2.7', userAgent: 'curl/8' },
    });
  });

  it('has half a surrogate pair nowhere, so that it reads the same everywhere', () => {
    expect(record({ path: '/a\ud83d' }).path).toBe('/a\ufffd');
    expect(record({ userAgent: '\udc00' }).userAgent).toBe('\ufffd');
    expect(record({ path: `/${'a'.repeat(1_022)}🔑` }).path.isWellFormed()).toBe(true);
    expect(record({ userAgent: `${'a'.repeat(511)}🔑` }).userAgent?.isWellFormed()).toBe(true);
  });

  it('is bounded', () => {
    expect(record({ path: `/${'a'.repeat(5_000)}` }).path).toHaveLength(1_024);
    expect(record({ userAgent: 'a'.repeat(5_000) }).userAgent).toHaveLength(512);
  });

  it('G5: holds no key', () => {
    const key = `axk_${'a'.repeat(42)}`;
    const { path, userAgent } = record({ path: `/x/${key}`, userAgent: key });
    expect([path, userAgent]).toEqual(['/x/axk_[redacted]', 'axk_[redacted]']);
  });

  it.each(['192.0.2.7:51008', '::ffff:192.0.2.7'])('has the one address also for %s', (ip) => {
    expect(record({ ip }).ip).toBe('192.0.2.7');
  });

  it.each([[null], [undefined], ['proxy']])('has no address when %p came in its place', (ip) => {
    expect(record({ ip }).ip).toBeNull();
  });

  it('has no user agent when there is none', () => {
    expect(record({ userAgent: undefined }).userAgent).toBeNull();
  });
});
