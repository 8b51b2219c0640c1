import { readServerSentEvents } from './server-sent-events.js';
import type { ServerSentEvent } from './server-sent-events.js';

async function eventsOf(text: string): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  async function* lines(): AsyncGenerator<string> {
    for (const line of text.split('\n').slice(0, -1)) yield await Promise.resolve(line);
  }
  for await (const event of readServerSentEvents(lines())) events.push(event);
  return events;
}

describe('server-sent events', () => {
  it('have type, data and id, and the id stays until there is another', async () => {
    expect(await eventsOf('id: 7\ndata: a\ndata:b\n\nevent: heartbeat\ndata\n\n')).toEqual([
      { type: 'message', data: 'a\nb', lastEventId: '7', retryMs: undefined },
      { type: 'heartbeat', data: '', lastEventId: '7', retryMs: undefined },
    ]);
  });

  it('may be told when to come back', async () => {
    expect(await eventsOf('retry: 50\n\nretry: soon\ndata: a\n\n')).toMatchObject([
      { retryMs: 50 },
    ]);
  });

  it('have comments, unknown fields and ids with a NUL between them', async () => {
    const events = await eventsOf(': hello\nid: 1\nid: 2\0\nwhat: ever\ndata: a: b\n\n: bye\n\n');
    expect(events).toMatchObject([{ data: 'a: b', lastEventId: '1' }]);
  });

  it('are dropped when the stream ends before their empty line', async () => {
    expect(await eventsOf('data: a\n\ndata: b\n')).toMatchObject([{ data: 'a' }]);
  });
});
