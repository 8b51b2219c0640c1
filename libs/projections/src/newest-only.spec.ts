import { MongoClient, type TopologyDescriptionChangedEvent } from 'mongodb';
import { newestOnly, noteMembers } from './newest-only.js';

/** What the driver tells once it has spoken to a server that names so many members. */
function discovered(type: string, hosts: number, arbiters = 0): TopologyDescriptionChangedEvent {
  const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `m${at}:1`);
  const server = { hosts: names(hosts), passives: [], arbiters: names(arbiters) };
  const newDescription = { type, servers: new Map([['m0:1', server]]) };
  return { newDescription } as unknown as TopologyDescriptionChangedEvent;
}

describe('a find that must see every acknowledged write', () => {
  let client: MongoClient;
  beforeEach(() => {
    client = new MongoClient('mongodb://127.0.0.1:1');
    noteMembers(client);
  });
  afterEach(() => client.close());

  it('asks the primary alone where there is no other member', () => {
    client.emit('topologyDescriptionChanged', discovered('ReplicaSetWithPrimary', 1));
    expect(newestOnly(client)).toEqual({});
  });

  it.each([
    ['has several members', discovered('ReplicaSetWithPrimary', 3)],
    ['has one member with data and an arbiter', discovered('ReplicaSetWithPrimary', 1, 1)],
    ['is asked directly, of one member of several', discovered('Single', 3)],
    ['is reached through a router', discovered('Sharded', 0)],
  ])('lets the primary ask the others where the set %s', (_, event) => {
    client.emit('topologyDescriptionChanged', event);
    client.emit('topologyDescriptionChanged', discovered('ReplicaSetNoPrimary', 0));
    expect(newestOnly(client)).toEqual({ readConcern: { level: 'linearizable' } });
  });
});
