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

describe('SMTP_URL', () => {
  const SMTP_URL = 'smtp://keys:secret@mail.example.com:587';

  it('needs a BASE_URL, since a link in a mail must not follow what a request names', () => {
    expect(() => load({ SMTP_URL })).toThrow('BASE_URL must be set when SMTP_URL is');
    expect(load({ SMTP_URL, BASE_URL: 'https://keys.example.com' }).SMTP_URL).toBe(SMTP_URL);
  });
});

describe('COOKIE_PREFIX', () => {
  it.each(['keytrail', 'Team-2'])('may be %s', (COOKIE_PREFIX) => {
    expect(load({ COOKIE_PREFIX }).COOKIE_PREFIX).toBe(COOKIE_PREFIX);
  });

  it.each(['2', '__Host-x', 'a b', 'a;b', 'a=b', 'x'.repeat(33)])('is not %s', (COOKIE_PREFIX) => {
    expect(() => load({ COOKIE_PREFIX })).toThrow('COOKIE_PREFIX must be 1 to 32 letters');
  });
});

describe('MONGODB_URL', () => {
  it.each([
    'mongodb://127.0.0.1:27017/keytrail',
    'mongodb://a:1,b:2,c:3/keytrail?replicaSet=rs0&w=majority',
    'mongodb+srv://keytrail:p%40ss@cluster.example.com/?retryWrites=true',
    'mongodb://keytrail@127.0.0.1/keytrail',
    'mongodb://[::1]:27017/keytrail',
  ])('may be %s', (MONGODB_URL) => {
    expect(load({ MONGODB_URL }).MONGODB_URL).toBe(MONGODB_URL);
  });
});

it.each([
  ['MONGODB_URL', 'mongodb://keytrail:s3cr@et@127.0.0.1/keytrail'],
  ['MONGODB_URL', 'mongodb://keytrail:s3cr/et@127.0.0.1/keytrail'],
  ['MONGODB_URL', 'postgres://keytrail:s3cret@127.0.0.1/keytrail'],
  ['EVENTSTOREDB_URL', 'esdb://keytrail:s3cret@127.0.0.1:2113?tsl=false'],
  ['EVENTSTOREDB_URL', 'esdb://keytrail:s3cr@et@127.0.0.1:2113'],
  ['SMTP_URL', 'http://keytrail:s3cret@mail.example.com'],
  ['BASE_URL', 'https://keytrail:s3cret@keys.example.com'],
  ['AUTH_SECRET', 's3cret'],
])('a fault of %s does not quote it: %s', (name, value) => {
  let message = '';
  try {
    load({ [name]: value });
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(message).toContain(name);
  expect(message).not.toMatch(/s3cr/);
});
