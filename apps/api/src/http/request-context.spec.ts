import { pathOf } from './request-context.js';

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
