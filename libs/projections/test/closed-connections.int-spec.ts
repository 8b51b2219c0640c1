import * as driver from 'mongodb';
import { Connection } from 'mongodb/lib/cmap/connection.js';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { testStores } from '../../../test/support/stores.js';
import type { TestStores } from '../../../test/support/stores.js';
import { openModels, type ReadModels } from '../src/read-models.js';

const CLIENT_SOCKETS = 'net.client.socket';

describe('a connection that closes while a command is about to be written', () => {
  const sockets: Socket[] = [];
  const remember = (message: unknown): void => {
    sockets.push((message as { socket: Socket }).socket);
  };
  let stores: TestStores;
  let readModels: ReadModels;
  beforeAll(async () => {
    stores = await testStores({ eventStore: false });
    subscribe(CLIENT_SOCKETS, remember);
    readModels = openModels(stores.mongoUrl, []);
    await readModels.db.command({ ping: 1 });
  });
  afterAll(async () => {
    unsubscribe(CLIENT_SOCKETS, remember);
    await readModels.close();
    await stores.stop();
  });

  it('does not keep the command waiting for ever', async () => {
    // Destroyed, and known to be so only in a later turn of the event loop.
    for (const socket of sockets) socket.destroy();
    await expect(readModels.db.collection('things').findOne({})).resolves.toBeNull();
  }, 5_000);
});

describe('what is mended in the driver', () => {
  it('is reached past its public surface, which does not offer it', () => {
    expect(driver).not.toHaveProperty('Connection');
  });

  // When this fails, look whether a command settles whose socket has closed: then the mending can go.
  it('is still there, and still waits for nothing but a drain', () => {
    expect(Object.hasOwn(Connection.prototype, 'cleanup')).toBe(true);
    const writeCommand: unknown = Reflect.get(Connection.prototype, 'writeCommand');
    expect(String(writeCommand)).toContain("(this.socket, 'drain', options)");
  });
});
