import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  type ReadPosition,
  START,
} from '@eventstore/db-client';

/** An event as the official client reads it from the log. */
export interface LoggedEvent {
  readonly id: string;
  readonly type: string;
  readonly streamName: string;
  readonly revision: bigint;
  readonly commit: bigint;
  readonly data: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

/** Where the log ends now, for a test that is not the first to use it and reads what comes after. */
export async function endOfLog(eventStoreUrl: string): Promise<ReadPosition> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const last = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
  let end: ReadPosition = START;
  for await (const { event } of client.readAll(last)) end = event?.position ?? end;
  await client.dispose();
  return end;
}

/** All events of the log in order, from a position on, the server's own left out. */
export async function readLog(
  eventStoreUrl: string,
  fromPosition: ReadPosition = START,
): Promise<LoggedEvent[]> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const events: LoggedEvent[] = [];
  for await (const { event } of client.readAll({ fromPosition, deadline: 120_000 })) {
    if (!event || event.type.startsWith('$')) continue;
    const metadata = event.metadata as { $correlationId?: string } | undefined;
    events.push({
      id: event.id,
      type: event.type,
      streamName: event.streamId,
      revision: event.revision,
      commit: event.position.commit,
      data: event.data as LoggedEvent['data'],
      requestId: metadata?.$correlationId ?? '',
    });
  }
  await client.dispose();
  return events;
}
