import { jest } from '@jest/globals';
import { EventLog } from '../src/index.js';
import { newStream, numbered, patiently } from './events.js';
import { anyServer, embeddedServer } from './own-server.js';

const HOUR_MS = 3_600_000;

async function expectItWorks(url: string): Promise<void> {
  const log = new EventLog(url);
  const stream = newStream();
  const event = numbered(1);
  const once = { giveUpAfterMs: 1_500 };
  const { position } = await log.append(stream, [event], 'no_stream', once);
  expect(await log.readStream(stream)).toHaveLength(1);
  await log.verify({ last: { position, eventId: event.id }, searched: null });
  await log.proveWritable();
  await log.append(stream, [numbered(2)], 0n, patiently);
  await log.close();
}

describe('a process whose clock differs from the server’s', () => {
  let server: Awaited<ReturnType<typeof anyServer>>;
  beforeAll(async () => {
    server = await anyServer();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => server.end());

  it.each([
    ['an hour behind', -HOUR_MS],
    ['two seconds behind', -2_000],
    ['an hour ahead', HOUR_MS],
  ])('reads and appends: %s', async (_, skewMs) => {
    const now = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => now() + skewMs);
    await expectItWorks(server.url);
  });
});

describe('a server whose clock differs from the process’s', () => {
  it.each([
    ['an hour behind', -HOUR_MS],
    ['two seconds ahead', 2_000],
    ['an hour ahead', HOUR_MS],
  ])('is read from and appended to: %s', async (_, clockOffsetMs) => {
    const server = await embeddedServer();
    server.play({ clockOffsetMs });
    await expectItWorks(server.url);
    await server.close();
  });
});
