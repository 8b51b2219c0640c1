import { jsonEvent } from '@eventstore/db-client';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  collect,
  describeWithOwnServer,
  isEmbedded,
  numberedFrom,
  ownServer,
  uniqueStream,
  type OwnServer,
} from './server-under-test.js';

/** In its last seconds the real server also says other things. */
const ENDED = isEmbedded ? /UNAVAILABLE/ : /UNAVAILABLE|UNKNOWN|INTERNAL|CANCELLED/;

describeWithOwnServer('a server that is stopped', () => {
  let server: OwnServer;

  beforeEach(async () => {
    server = await ownServer();
  });

  afterEach(async () => {
    await server.stop();
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'by %s ends a long read with an error, never as if the stream ended there',
    async (signal) => {
      const stream = uniqueStream('long');
      for (let n = 0; n < 40; n++) {
        const large = Array.from({ length: 20 }, () =>
          jsonEvent({ type: 'Large', data: { text: 'x'.repeat(40_000) } }),
        );
        await server.client.appendToStream(stream, large);
      }
      let received = 0;
      const read = async () => {
        for await (const { event } of server.client.readStream(stream)) {
          if (event) received++;
          if (received === 50) void server.process.end(signal);
          if (received > 50) await pause(20);
        }
      };
      await expect(read()).rejects.toThrow(ENDED);
      expect(received).toBeLessThan(800);
    },
  );

  it.each(['SIGTERM', 'SIGKILL'] as const)('by %s ends its subscriptions', async (signal) => {
    const subscription = server.client.subscribeToAll();
    const ended = expect(collect(subscription)).rejects.toThrow(ENDED);
    await once(subscription, 'confirmation');
    await server.process.end(signal);
    await ended;
  });

  it('by SIGTERM leaves appends acknowledged or failed', async () => {
    const stream = uniqueStream();
    const outcomes = Array.from({ length: 50 }, () =>
      server.client
        .appendToStream(stream, numberedFrom(0, 2), { deadline: 5000 })
        .then(() => 'written')
        .catch(() => 'failed'),
    );
    await server.process.end('SIGTERM');
    const settled = await Promise.all(outcomes);
    expect(settled.every((outcome) => ['written', 'failed'].includes(outcome))).toBe(true);
  });
});
