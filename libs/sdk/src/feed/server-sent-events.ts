import { createParser } from 'eventsource-parser';

export interface ServerSentEvent {
  /** `message` unless the server names it. */
  readonly type: string;
  readonly data: string;
  /** The last id that was sent, with this event or before it. */
  readonly lastEventId: string;
  /** How long the server wants to be left alone after a cut. */
  readonly retryMs: number | undefined;
}

/** The events of a `text/event-stream` that arrives in chunks, cut anywhere. */
export async function* readServerSentEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const decoder = new TextDecoder();
  const arrived: ServerSentEvent[] = [];
  let lastEventId = '';
  let retryMs: number | undefined;
  const parser = createParser({
    onEvent: ({ event: type = 'message', id = lastEventId, data }) => {
      lastEventId = id;
      arrived.push({ type, data, lastEventId, retryMs });
    },
    onRetry: (ms) => {
      retryMs = ms;
    },
  });
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* arrived.splice(0);
  }
}
