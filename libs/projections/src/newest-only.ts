import type { FindOptions, MongoClient, ServerDescription } from 'mongodb';

const setsOfSeveral = new WeakSet<MongoClient>();

/**
 * Options of a find that must see every write that was acknowledged before it. A set of several members
 * may have a primary that does not know yet that it is one no more: it has to ask the others first.
 */
export const newestOnly = (client: MongoClient): FindOptions =>
  setsOfSeveral.has(client) ? { readConcern: { level: 'linearizable' } } : {};

/** Remembers of a client whether it speaks to a set of several members, or to several sets. */
export function noteMembers(client: MongoClient): void {
  client.on('topologyDescriptionChanged', ({ newDescription: { type, servers } }) => {
    const isSeveral = type === 'Sharded' || [...servers.values()].some(hasOthers);
    if (isSeveral) setsOfSeveral.add(client);
  });
}

/** Members that are never asked may vote, and become primary, all the same. */
const hasOthers = ({ hosts, passives, arbiters }: ServerDescription): boolean =>
  hosts.length + passives.length + arbiters.length > 1;
