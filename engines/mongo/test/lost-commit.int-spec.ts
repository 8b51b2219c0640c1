import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { BSON, Long, UUID } from 'mongodb';
import { useServer, type Doc } from './server-under-test.js';

const server = useServer();

async function connection(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** A command as it goes over the wire. */
function send(socket: Socket, command: Doc): void {
  const body = BSON.serialize(command);
  const header = Buffer.alloc(21);
  header.writeInt32LE(header.length + body.length, 0);
  header.writeInt32LE(2013, 12);
  socket.write(Buffer.concat([header, body]));
}

async function answerOf(socket: Socket, command: Doc): Promise<Doc> {
  send(socket, command);
  const [data] = (await once(socket, 'data')) as [Buffer];
  return BSON.deserialize(data.subarray(21));
}

/** Statements that are at work for a while. */
const COUNT = 3_000;

describe('a commit whose connection was lost', () => {
  it.each([0, 1, 5, 20, 200])(
    'answers its outcome when it is repeated after %d turns',
    async (turns) => {
      const collection = server.collection();
      await collection.insertOne({ _id: 'there already' });
      const inTransaction = {
        $db: server.db.databaseName,
        lsid: { id: new UUID(randomUUID()) },
        txnNumber: Long.ONE,
        autocommit: false,
      };
      const commit = { commitTransaction: 1, ...inTransaction, $db: 'admin' };
      const lost = await connection();
      const documents = Array.from({ length: COUNT }, (_, n) => ({
        _id: n,
        text: 'x'.repeat(100),
      }));
      const insert = { insert: collection.collectionName, documents, startTransaction: true };
      send(lost, { ...insert, ...inTransaction });
      send(lost, commit);
      const other = await connection();
      // The transaction is there once its first statement has come in.
      while ((await answerOf(other, { ping: 1, $db: 'admin' })).ok !== 1);
      for (let turn = 0; turn < turns; turn += 1) await setImmediate();
      lost.destroy();
      const answer = await answerOf(other, commit);
      const count = await collection.countDocuments({ text: { $exists: true } });
      expect([answer.ok, count]).toEqual(answer.ok === 1 ? [1, COUNT] : [0, 0]);
      expect(await answerOf(other, commit)).toMatchObject({ ok: answer.ok as number });
      expect(await collection.countDocuments({ text: { $exists: true } })).toBe(count);
      other.destroy();
    },
  );
});
