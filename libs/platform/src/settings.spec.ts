import { ApiSettings, loadConfig } from './index.js';

const stores = {
  EVENTSTOREDB_URL: 'esdb://127.0.0.1:2113?tls=false',
  MONGODB_URL: 'mongodb://127.0.0.1:27017/keytrail',
};
const load = (variables: Readonly<Record<string, string>>): ApiSettings =>
  loadConfig(ApiSettings, { ...stores, ...variables });

describe('BASE_URL', () => {
  it.each(['https://keys.example.com', 'http://localhost:3000', 'https://keys.example.com/'])(
    'may be %s',
    (BASE_URL) => {
      expect(load({ BASE_URL }).BASE_URL).toBe(BASE_URL);
    },
  );

  it.each([
    'https://example.com/keys',
    'https://keys.example.com/?a=1',
    'https://keys.example.com/#a',
    'https://ada@keys.example.com',
    'ftp://keys.example.com',
    'keys.example.com',
  ])('is an address without a path, so not %s', (BASE_URL) => {
    expect(() => load({ BASE_URL })).toThrow(
      'BASE_URL must be the address people use, without a path, such as https://keys.example.com',
    );
  });
});

describe('TRUST_PROXY', () => {
  it.each(['true', 'false', '1', '9'])('may be %s', (TRUST_PROXY) => {
    expect(load({ TRUST_PROXY }).TRUST_PROXY).toBe(TRUST_PROXY);
  });

  it.each(['yes', '0', '10', '-1', '1.5', 'loopback'])(
    'is true, false or a number of proxies, so not %s',
    (TRUST_PROXY) => {
      expect(() => load({ TRUST_PROXY })).toThrow(
        'TRUST_PROXY must be true, false or the number of proxies in a row, 1 to 9',
      );
    },
  );
});
