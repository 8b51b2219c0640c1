import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { timeBudget } from './time-budget.js';
import { UnreadAnswers } from './unread-answers.js';

const LARGE = 32 * 1_024 * 1_024;

let server: Server;
let reader: Socket;
let writer: Socket;
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connected = once(server, 'connection');
  reader = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  [writer] = (await connected) as [Socket];
});
afterEach(() => {
  reader.destroy();
  writer.destroy();
  server.close();
});

/** Lets the system take as much as it does while nobody reads. */
async function full(): Promise<void> {
  let before: number;
  do {
    before = leftOf(writer);
    await new Promise((resolve) => setTimeout(resolve, 20));
  } while (leftOf(writer) !== before);
}

const leftOf = (socket: Socket): number =>
  (socket as unknown as { _handle: { writeQueueSize: number } })._handle.writeQueueSize;

describe('an answer that nobody reads', () => {
  it('is ended after 30 seconds', async () => {
    const answers = new UnreadAnswers();
    writer.write(Buffer.alloc(LARGE));
    await full();
    answers.sweep([writer], 0);
    answers.sweep([writer], timeBudget.unreadMs - 1);
    expect(writer.destroyed).toBe(false);
    answers.sweep([writer], timeBudget.unreadMs);
    expect(writer.destroyed).toBe(true);
  });

  it('goes on as long as it moves, also within a single write', async () => {
    const answers = new UnreadAnswers();
    writer.write(Buffer.alloc(LARGE));
    await full();
    let now = 0;
    for (let taken = 0; taken < 3; taken += 1) {
      answers.sweep([writer], now);
      const before = leftOf(writer);
      reader.resume();
      while (leftOf(writer) === before) await new Promise(setImmediate);
      reader.pause();
      now += timeBudget.unreadMs;
    }
    answers.sweep([writer], now);
    expect(writer.destroyed).toBe(false);
    expect(leftOf(writer)).toBeGreaterThan(0);
  });

  it('is none while there is nothing to be read', () => {
    const answers = new UnreadAnswers();
    answers.sweep([writer], 0);
    answers.sweep([writer], 10 * timeBudget.unreadMs);
    expect(writer.destroyed).toBe(false);
  });
});
