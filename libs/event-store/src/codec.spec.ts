import type { RecordedEvent as ClientEvent } from '@eventstore/db-client';
import { generateKey } from '@keytrail/domain';
import type { KeyCreated } from '@keytrail/domain';
import { decode, encode } from './codec.js';
import type { NewEvent } from './codec.js';
import type { EventContext } from './recorded-event.js';

const context: EventContext = {
  requestId: 'req_1',
  causationId: 'cmd_1',
  actor: { type: 'user', id: 'usr_anna', label: 'anna@example.com' },
  ip: '192.0.2.7',
  userAgent: 'curl/8 – Ä',
  occurredAt: '2026-03-01T10:15:00.000Z',
};
/** An event with any data at all. */
const createdWith = (data: Readonly<Record<string, unknown>>): KeyCreated =>
  ({ type: 'KeyCreated', data }) as unknown as KeyCreated;
const created: NewEvent = {
  id: '6f1b7c2e-32ab-4c2e-9b7e-0c8a3f0f6a11',
  event: createdWith({ keyId: 'key_1', name: 'Ünïcode', tags: [1, null, 'x'] }),
  context,
};
const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};
const position = { commit: 120n, prepare: 120n };

/** What the log gives back of what was written, the metadata parsed by the client. */
function readBack(written: NewEvent): ClientEvent {
  const { data } = encode(written);
  const metadata = JSON.parse(new TextDecoder().decode(data.metadata as Uint8Array)) as object;
  return asRead({ id: data.id, type: data.type, data: data.data, metadata });
}

function asRead(event: object): ClientEvent {
  const rest = { streamId: 'apiKey-key_1', revision: 4n, created: new Date(0), isJson: true };
  return { ...rest, ...event } as unknown as ClientEvent;
}

describe('an event', () => {
  it('comes back from the log as it was written, with its place', () => {
    expect(decode(readBack(created), position)).toEqual({
      ...created.event,
      id: created.id,
      context,
      streamName: 'apiKey-key_1',
      revision: 4n,
      position,
    });
  });

  it('comes back without an address and a user agent when it had none', () => {
    const bare = { ...context, ip: null, userAgent: null };
    expect(decode(readBack({ ...created, context: bare }), position).context).toEqual(bare);
  });

  it('is written with the names that the log has for what caused it, and its version', () => {
    expect(readBack(created).metadata).toMatchObject({
      $correlationId: 'req_1',
      $causationId: 'cmd_1',
      schemaVersion: 1,
    });
  });

  it('of somebody else, without metadata, is understood all the same', () => {
    const foreign = asRead({ id: 'e1', type: 'KeyCreated', data: { keyId: 'key_1' } });
    expect(decode(foreign, position)).toMatchObject({
      type: 'KeyCreated',
      data: { keyId: 'key_1' },
      context: {
        requestId: 'e1',
        causationId: 'e1',
        actor: { type: 'system' },
        ip: null,
        userAgent: null,
        occurredAt: '1970-01-01T00:00:00.000Z',
      },
    });
  });
});

describe('an event with a text that is too long', () => {
  const long = 'x'.repeat(1_025);

  it.each<[string, NewEvent]>([
    ['a field', { ...created, event: createdWith({ name: long }) }],
    ['a field that nobody thought of', { ...created, event: createdWith({ new: { in: [long] } }) }],
    ['the name of a field', { ...created, event: createdWith({ [long]: 1 }) }],
    [
      'the actor',
      { ...created, context: { ...context, actor: { ...context.actor, label: long } } },
    ],
    ['the user agent', { ...created, context: { ...context, userAgent: long } }],
  ])('in %s is not written', (_, event) => {
    const refusal = thrownBy(() => encode(event));
    expect(refusal).toMatchObject({ code: 'unwritable_event' });
    expect((refusal as Error).message).not.toContain(long);
  });

  it('is written with texts at their limit', () => {
    const longest = createdWith({ name: 'x'.repeat(1_024), also: '"'.repeat(1_024) });
    expect(readBack({ ...created, event: longest }).data).toEqual(longest.data);
  });
});

describe('G5 an event that holds a key is not written', () => {
  const key = generateKey('axk');
  const withData = (data: Readonly<Record<string, unknown>>): NewEvent => ({
    ...created,
    event: createdWith(data),
  });
  const withContext = (change: Partial<EventContext>): NewEvent => ({
    ...created,
    context: { ...context, ...change },
  });

  it.each([
    ['a value', withData({ name: key })],
    ['a part of a value', withData({ name: `it was ${key}.` })],
    ['a nested value', withData({ a: [{ b: key }] })],
    ['the name of a field', withData({ [key]: 1 })],
    ['a key with another prefix word', withData({ name: generateKey('other') })],
    ['the user agent', withContext({ userAgent: `curl/8 ${key}` })],
    ['the actor', withContext({ actor: { ...context.actor, label: key } })],
    ['the request id', withContext({ requestId: key })],
  ])('in %s', (_, event) => {
    const refusal = thrownBy(() => encode(event));
    expect(refusal).toMatchObject({ code: 'unwritable_event' });
    // The refusal is logged: it must not hold the key either.
    expect(String(refusal)).not.toContain(key);
  });

  it('but its shown prefix and its hash are', () => {
    const data = { keyPrefix: key.slice(0, 8), secretHash: 'ab'.repeat(32) };
    expect(readBack(withData(data)).data).toEqual(data);
  });

  it('and neither is one that is no JSON', () => {
    expect(() => encode(withData({ count: 1n }))).toThrow(TypeError);
  });
});

const recordedAt = new Date('2026-03-01T10:15:00.000Z');

/** An event as the client hands it over, written into one of our streams by another program. */
const foreign = (parts: Readonly<Record<string, unknown>>): ClientEvent =>
  ({
    ...{
      id: 'event-1',
      streamId: 'apiKey-1',
      revision: 0n,
      type: 'KeyCreated',
      created: recordedAt,
    },
    ...{ data: {}, metadata: {}, isJson: true, ...parts },
  }) as unknown as ClientEvent;

describe('an event that another program wrote', () => {
  it.each(['some time ago', '', null, 7, undefined])(
    'happened when the log recorded it, if it says no time: %p',
    (occurredAt) => {
      const { context } = decode(foreign({ metadata: { occurredAt } }), position);
      expect(context.occurredAt).toBe(recordedAt.toISOString());
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
