import { readServerSentEvents } from './server-sent-events.js';
import type { ServerSentEvent } from './server-sent-events.js';

async function eventsOf(...chunks: readonly Uint8Array[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  }
  for await (const event of readServerSentEvents(source())) events.push(event);
  return events;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('server-sent events', () => {
  it('have type, data and id, and the id stays until there is another', async () => {
    expect(await eventsOf(bytesOf('id: 7\ndata: a\ndata:b\n\nevent: heartbeat\ndata\n\n'))).toEqual(
      [
        { type: 'message', data: 'a\nb', lastEventId: '7', retryMs: undefined },
        { type: 'heartbeat', data: '', lastEventId: '7', retryMs: undefined },
      ],
    );
  });

  it('may be told when to come back', async () => {
    expect(await eventsOf(bytesOf('retry: 50\n\nretry: soon\ndata: a\n\n'))).toMatchObject([
      { retryMs: 50 },
    ]);
  });

  it('are the same wherever the chunks are cut', async () => {
    const bytes = bytesOf('id: 1\r\ndata: Ä€😀\r\n\r\n: hello\ndata: a: b\n\n');
    const whole = await eventsOf(bytes);
    expect(whole).toMatchObject([
      { data: 'Ä€😀', lastEventId: '1' },
      { data: 'a: b', lastEventId: '1' },
    ]);
    for (let cut = 0; cut <= bytes.length; cut += 1)
      expect(await eventsOf(bytes.slice(0, cut), bytes.slice(cut))).toEqual(whole);
    expect(await eventsOf(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('are dropped when the stream ends before their empty line', async () => {
    expect(await eventsOf(bytesOf('data: a\n\ndata: b\n'))).toMatchObject([{ data: 'a' }]);
  });
});
