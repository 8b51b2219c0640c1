import { pathOf, recordedPath, recordedUserAgent } from './request-context.js';

describe('the path of a request', () => {
  it.each([
    ['/v1/me', '/v1/me'],
    ['/v1/me?x=1#y', '/v1/me'],
    ['/v1/me#part?x', '/v1/me'],
    ['http://user:pw@evil.example/v1/me?x', '/v1/me'],
    ['HTTPS://evil.example', '/'],
    ['http://evil.example?x', '/'],
    ['//evil.example/x', '//evil.example/x'],
    ['/a:b//c', '/a:b//c'],
    ['*', '*'],
  ])('of %s is %s and nothing else', (url, path) => {
    expect(pathOf({ url })).toBe(path);
  });
});

describe('what is written down of a request', () => {
  it('has half a surrogate pair nowhere, so that it reads the same everywhere', () => {
    expect(recordedPath('/a\ud83d')).toBe('/a\ufffd');
    expect(recordedUserAgent('\udc00')).toBe('\ufffd');
    expect(recordedPath(`/${'a'.repeat(1_022)}🔑`).isWellFormed()).toBe(true);
    expect(recordedUserAgent(`${'a'.repeat(511)}🔑`)?.isWellFormed()).toBe(true);
  });

  it('is bounded', () => {
    expect(recordedPath(`/${'a'.repeat(5_000)}`)).toHaveLength(1_024);
    expect(recordedUserAgent('a'.repeat(5_000))).toHaveLength(512);
  });
});
