import { upcast } from './upcasting.js';

const event = { type: 'KeyCreated', data: { keyId: 'key_1', name: 'CI' } };

describe('upcasting', () => {
  it('leaves an event of the version of today as it was written', () => {
    expect(upcast(event, 1)).toEqual(event);
  });

  it('leaves an event of a later version, by a process that is ahead, as it was written', () => {
    expect(upcast(event, 99)).toEqual(event);
  });
});
