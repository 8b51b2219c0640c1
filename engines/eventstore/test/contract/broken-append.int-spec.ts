import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RawClient, revisionsIn } from './raw-client.js';
import { serverUnderTest, uniqueStream, type ServerUnderTest } from './server-under-test.js';

const program = fileURLToPath(new URL('half-append.mjs', import.meta.url));
const run = promisify(execFile);
const EVENTS = 900;

describe('an append of which only a part came', () => {
  let server: ServerUnderTest;
  let raw: RawClient;

  beforeAll(async () => {
    server = await serverUnderTest();
    raw = new RawClient(server.url);
  });

  afterAll(async () => {
    raw.close();
    await server.stop();
  });

  const revisions = async (stream: string) => revisionsIn(await raw.read({ stream, count: 2000 }));

  async function halfAppend(stream: string, how: string): Promise<void> {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const args = [program, server.url, stream, String(EVENTS), how];
    await run(process.execPath, args, { env }).catch(() => undefined);
    // Whatever the server does with it, it does before it answers the next append.
    for (let n = 0; n < 5; n++) await server.client.appendToStream(uniqueStream(), []);
  }

  it.each(['kill', 'kill-early'])('from a client that dies (%s) is not written', async (how) => {
    const stream = uniqueStream();
    await halfAppend(stream, how);
    expect(await revisions(stream)).toEqual([]);
  });

  it('from a client that cancels it is written whole or not at all', async () => {
    const stream = uniqueStream();
    await halfAppend(stream, 'cancel');
    expect([0, EVENTS]).toContain((await revisions(stream)).length);
  });
});
