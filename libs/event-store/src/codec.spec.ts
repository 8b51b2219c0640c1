import type { RecordedEvent as ClientEvent } from '@eventstore/db-client';
import { decode } from './codec.js';

const created = new Date('2026-03-01T10:15:00.000Z');
const position = { commit: 7n, prepare: 7n };

/** An event as the client hands it over, written into one of our streams by another program. */
const foreign = (parts: Readonly<Record<string, unknown>>): ClientEvent =>
  ({
    ...{ id: 'event-1', streamId: 'apiKey-1', revision: 0n, type: 'KeyCreated', created },
    ...{ data: {}, metadata: {}, isJson: true, ...parts },
  }) as unknown as ClientEvent;

describe('an event that another program wrote', () => {
  it.each(['some time ago', '', null, 7, undefined])(
    'happened when the log recorded it, if it says no time: %p',
    (occurredAt) => {
      const { context } = decode(foreign({ metadata: { occurredAt } }), position);
      expect(context.occurredAt).toBe(created.toISOString());
    },
  );

  it('happened when it says', () => {
    const occurredAt = '2026-02-28T09:00:00.000Z';
    const { context } = decode(foreign({ metadata: { occurredAt } }), position);
    expect(context.occurredAt).toBe(occurredAt);
  });

  it.each([null, undefined, 'text', 7])('has no fields, if its data is %p', (data) => {
    expect(decode(foreign({ data }), position).data).toEqual({});
  });
});
