import { catalogue } from '@keytrail/domain';
import { upcast, upcastersOf } from './upcasting.js';

const event = { type: 'KeyCreated', data: { keyId: 'key_1', name: 'CI' } };

describe('upcasting', () => {
  it('leaves an event of the version of today as it was written', () => {
    expect(upcast(event, 1)).toEqual(event);
  });

  it('leaves an event of a later version, by a process that is ahead, as it was written', () => {
    expect(upcast(event, 99)).toEqual(event);
  });

  it('leaves an event that tells no version as it was written', () => {
    expect(upcast(event, undefined)).toEqual(event);
  });

  it.each(Object.entries(catalogue))('lifts %s from each version before', (type, row) => {
    expect(upcastersOf(type)).toHaveLength(row.schemaVersion - 1);
  });
});
