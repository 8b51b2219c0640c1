import { serialize, type Document } from 'bson';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Connection } from './connection.js';

const MESSAGES = 500;
const MESSAGE_BYTES = 32_768;

/** A command as it goes over the wire. */
function opMsg(command: Document): Buffer {
  const body = serialize(command);
  const header = Buffer.alloc(21);
  header.writeInt32LE(header.length + body.length, 0);
  header.writeInt32LE(2013, 12);
  return Buffer.concat([header, body]);
}

/** Turns of the event loop, until this many in a row have brought nothing new. */
async function quiet(socket: Socket): Promise<void> {
  let before = -1;
  for (let same = 0; same < 50; same += 1) {
    if (socket.bytesRead !== before) same = 0;
    before = socket.bytesRead;
    await setImmediate();
  }
}

describe('a connection', () => {
  it('reads no faster than what it is asked for is done', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let done = 0;
    const server = createServer((socket) => {
      new Connection(socket, async () => {
        await gate;
        done += 1;
        return { ok: 1 };
      });
      server.emit('accepted', socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
    const [accepted] = (await once(server, 'accepted')) as [Socket];
    const message = opMsg({ ping: 1, $db: 'admin', text: 'x'.repeat(MESSAGE_BYTES) });
    for (let sent = 0; sent < MESSAGES; sent += 1) client.write(message);

    await quiet(accepted);
    expect(accepted.bytesRead).toBeGreaterThan(MESSAGE_BYTES);
    expect(accepted.bytesRead).toBeLessThan((MESSAGES * MESSAGE_BYTES) / 4);
    open();
    while (done < MESSAGES) await setImmediate();
    client.destroy();
    server.close();
  });
});
