import { derivedId, eventId, randomId, uniqueId } from './ids.js';

describe('ids', () => {
  it('cannot be guessed: 22 random base62 characters after the kind', () => {
    const ids = Array.from({ length: 1_000 }, () => randomId('key'));
    for (const id of ids) expect(id).toMatch(/^key_[0-9A-Za-z]{22}$/);
    expect(new Set(ids).size).toBe(1_000);
  });

  it('follow from the parts alone when derived, and tell the parts apart', () => {
    expect(derivedId('key', 'acc_1', 'order-7')).toBe(derivedId('key', 'acc_1', 'order-7'));
    expect(derivedId('key', 'acc_1', 'order-7')).toMatch(/^key_[0-9A-Za-z]{22}$/);
    expect(derivedId('key', 'acc_2', 'order-7')).not.toBe(derivedId('key', 'acc_1', 'order-7'));
    expect(derivedId('key', 'ab', 'c')).not.toBe(derivedId('key', 'a', 'bc'));
  });

  it('of events repeat with the command and differ by index', () => {
    const command = uniqueId();
    expect(eventId(command, 0)).toBe(eventId(command, 0));
    expect(eventId(command, 0)).not.toBe(eventId(command, 1));
    expect(eventId(uniqueId(), 0)).not.toBe(eventId(command, 0));
  });
});
