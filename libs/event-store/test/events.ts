import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { processStream, type StreamName } from '@keytrail/domain';
import type { KeyUsed } from '@keytrail/domain';
import { BEGINNING, handleCommand } from '../src/index.js';
import type { Appended, CommandResult, EventContext, EventLog, NewEvent } from '../src/index.js';

export const context: EventContext = {
  requestId: 'req_1',
  causationId: 'req_1',
  actor: { type: 'system', id: 'test', label: 'test' },
  ip: null,
  userAgent: null,
  occurredAt: '2026-03-01T10:15:00.000Z',
};

/** A use that can be told from others by its number. */
export const numberedUse = (number: number): KeyUsed => ({
  type: 'KeyUsed',
  data: { keyId: 'key_1', accountId: 'acc_1', method: 'GET', path: `/${number}` },
});

export const numbered = (number: number): NewEvent<KeyUsed> => ({
  id: randomUUID(),
  event: numberedUse(number),
  context,
});

export const numbersOf = (events: readonly { readonly data: object }[]): number[] =>
  events.map(({ data }) => Number((data as Partial<KeyUsed['data']>).path?.slice(1)));

/** A stream of Keytrail's that nobody has used yet. */
export const newStream = (): StreamName<'keyUsage'> =>
  processStream('keyUsage', '2026-03-01', randomUUID());

export const patiently = { giveUpAfterMs: 20_000 };

/** A command that causes two events, and leaves their numbers. */
export const useTwice = (
  log: EventLog,
  streamName: StreamName<'keyUsage'>,
): Promise<CommandResult<readonly number[], never>> =>
  handleCommand<null, readonly number[], KeyUsed, never>(
    log,
    {
      streamOf: () => streamName,
      initialState: [],
      fold: (state, events) => [...state, ...numbersOf(events)],
      decide: () => ({ ok: true, events: [numberedUse(1), numberedUse(2)] }),
    },
    null,
    { known: BEGINNING, context: { ...context, causationId: randomUUID() } },
  );

/** Appends events to a new stream, one after another. */
export async function appendEach(
  log: EventLog,
  events: readonly NewEvent<KeyUsed>[],
): Promise<readonly Appended[]> {
  const appended: Appended[] = [];
  for (const event of events)
    appended.push(await log.append(newStream(), [event], 'no_stream', patiently));
  return appended;
}

/** Another application that writes into the same log. */
export class Stranger {
  private readonly client: EventStoreDBClient;
  private readonly streamName = `orders-${randomUUID()}`;

  constructor(url: string) {
    this.client = EventStoreDBClient.connectionString(url);
  }

  /** Appends so many events, each with so many bytes of data. */
  async append(count: number, sizeBytes = 10): Promise<void> {
    const atOnce = Math.min(Math.max(Math.floor(900_000 / (sizeBytes + 200)), 1), 500);
    const data = { padding: 'x'.repeat(sizeBytes) };
    for (let left = count; left > 0; left -= atOnce) {
      const events = Array.from({ length: Math.min(left, atOnce) }, () =>
        jsonEvent({ type: 'OrderPlaced', data }),
      );
      await this.client.appendToStream(this.streamName, events);
    }
  }

  async deleteStream(streamName: string): Promise<void> {
    await this.client.tombstoneStream(streamName);
  }

  async hideBefore(streamName: string, revision: number): Promise<void> {
    await this.client.setStreamMetadata(streamName, { truncateBefore: revision });
  }

  close(): Promise<void> {
    return this.client.dispose();
  }
}
