import { ConcurrencyLimit } from './concurrency-limit.js';

const from = (caller: string, account: string) => ({ caller, account });
const limit = () => new ConcurrencyLimit({ perCaller: 2, perAccount: 3, inAll: 4 });

/** What a call throws. */
function refusalOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

describe('a limit of what is there at the same time', () => {
  it('429: holds for a key or person', () => {
    const places = limit();
    const leave = places.enter(from('key_a', 'acc_a'));
    places.enter(from('key_a', 'acc_a'));
    expect(refusalOf(() => places.enter(from('key_a', 'acc_a')))).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
    });
    places.enter(from('key_b', 'acc_b'));
    leave();
    places.enter(from('key_a', 'acc_a'));
  });

  it('429: holds for an account, whatever its keys', () => {
    const places = limit();
    for (const key of ['key_1', 'key_2', 'key_3']) places.enter(from(key, 'acc_a'));
    expect(refusalOf(() => places.enter(from('key_4', 'acc_a')))).toMatchObject({ status: 429 });
    places.enter(from('key_5', 'acc_b'));
  });

  it('503: holds for the process', () => {
    const places = limit();
    for (const name of ['1', '2', '3', '4']) places.enter(from(name, name));
    expect(refusalOf(() => places.enter(from('5', '5')))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    });
  });
});
