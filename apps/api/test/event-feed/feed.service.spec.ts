import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { MemoryFeed } from './memory-feed.js';
import { Metrics } from '../../src/http/metrics.js';
import type { CallerCheck } from '../../src/access/guard/caller-check.js';
import { FeedService } from '../../src/event-feed/feed.service.js';
import type { OpenFeed } from '../../src/event-feed/feed.service.js';
import type { History } from '../../src/event-feed/history.js';
import { LiveTail } from '../../src/event-feed/live-tail.js';

const open: OpenFeed = {
  caller: { kind: 'key', accountId: 'acc_a', keyId: 'key_a', name: 'CI', keyPrefix: 'axk_1234' },
  from: 'now',
  fromField: 'from',
  types: undefined,
};
const longPoll = { limit: 10, waitMs: 30_000 };

/** The answer to a client that is there and stays. */
const connected = (): FastifyReply =>
  ({ raw: new ServerResponse(new IncomingMessage(new Socket())) }) as unknown as FastifyReply;

const asking = {} as FastifyRequest;

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

describe('the event feed', () => {
  let log: MemoryFeed;
  let metrics: Metrics;
  let feed: FeedService;
  let server: FastifyInstance;
  beforeEach(() => {
    log = new MemoryFeed();
    metrics = new Metrics();
    const callers = {
      mayStillRead: () => Promise.resolve(true),
      refusal: () => Promise.resolve(null),
    } as unknown as CallerCheck;
    const history = log as unknown as History;
    feed = new FeedService(new LiveTail(log), history, callers, metrics);
    server = fastify();
  });
  afterEach(async () => {
    await feed.onModuleDestroy();
    await server.close();
  });

  /** Asks for an answer that begins once the client is gone; resolves with the end of that answer. */
  async function leaveBefore(answer: Answer): Promise<unknown> {
    const answered = new Promise((resolve, reject) => {
      server.get('/', async (request, reply) => {
        client.destroy();
        await once(reply.raw, 'close');
        await answer(request, reply).then(resolve, reject);
      });
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
    const client = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    client.write('GET / HTTP/1.0\r\n\r\n');
    return answered;
  }

  it('lets go of a subscriber that leaves before its stream begins', async () => {
    await leaveBefore((request, reply) => feed.stream(open, request, reply));
    const { values } =
      (await metrics.registry.getSingleMetric('keytrail_feed_subscribers')?.get()) ?? {};
    expect(values).toMatchObject([{ value: 0 }]);
  });

  it('does not wait for a client that leaves before its page begins', async () => {
    await leaveBefore((request, reply) => feed.page(open, request, reply, longPoll));
  });

  it('when it stops, answers a page that waits, and refuses one that is asked for meanwhile', async () => {
    log.append('acc_a');
    const waiting = feed.page(open, asking, connected(), longPoll);
    const stopped = feed.onModuleDestroy();
    await expect(feed.page(open, asking, connected(), longPoll)).rejects.toMatchObject({
      code: 'event_log_unavailable',
    });
    expect(JSON.parse(await waiting)).toEqual({ events: [], nextPosition: '100' });
    await stopped;
  });
});
