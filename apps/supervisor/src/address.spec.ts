import { urlOf } from './address.js';

it.each([
  ['127.0.0.1', 'http://127.0.0.1:3000'],
  ['0.0.0.0', 'http://127.0.0.1:3000'],
  ['::', 'http://[::1]:3000'],
  ['::1', 'http://[::1]:3000'],
  ['keys.example.com', 'http://keys.example.com:3000'],
])('what listens on %s is found at %s', (host, url) => {
  expect(urlOf(host, 3000)).toBe(url);
});
