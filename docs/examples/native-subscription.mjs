// Follows the log itself with the official client of EventStoreDB: every account, every event.
// node native-subscription.mjs
import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const { EVENTSTOREDB_URL = 'esdb://127.0.0.1:2113?tls=false' } = process.env;
const { CHECKPOINT_FILE = 'checkpoint.json' } = process.env;

const client = EventStoreDBClient.connectionString(EVENTSTOREDB_URL);

/** What this program is for. It may see an event again after a crash: `event.id` tells. */
async function handle(event) {
  console.log(event.position.commit.toString(), event.type, event.data.keyId);
}

async function readCheckpoint() {
  try {
    const { commit, prepare, id } = JSON.parse(await readFile(CHECKPOINT_FILE, 'utf8'));
    return { position: { commit: BigInt(commit), prepare: BigInt(prepare) }, id };
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Both parts of the position and the event that stands there, written whole or not at all. */
async function writeCheckpoint({ position: { commit, prepare }, id }) {
  await writeFile(
    `${CHECKPOINT_FILE}.new`,
    JSON.stringify({ commit: `${commit}`, prepare: `${prepare}`, id }),
  );
  await rename(`${CHECKPOINT_FILE}.new`, CHECKPOINT_FILE);
}

/** A log that was put back from a backup, or another one, has something else at this place. */
async function isSameLog({ position, id }) {
  const found = client.readAll({ fromPosition: position, maxCount: 1, requiresLeader: true });
  try {
    for await (const { event } of found) return event?.id === id;
  } catch (error) {
    // No event begins there.
    if (!/Unexpected ReadAllResult/.test(error.message)) throw error;
  }
  return false;
}

async function follow() {
  const checkpoint = await readCheckpoint();
  if (checkpoint && !(await isSameLog(checkpoint))) {
    console.error('This is not the log that was followed: start anew, without a checkpoint.');
    process.exit(1);
  }
  const subscription = client.subscribeToAll({
    fromPosition: checkpoint?.position ?? START,
    filter: streamNameFilter({ prefixes: ['apiKey-', 'keyUsage-', 'keyRefusal-'] }),
  });
  // Pulled one by one: a handler on 'data' would not be waited for, and events would overtake each other.
  for await (const { event } of subscription) {
    if (!event) continue;
    await handle(event);
    await writeCheckpoint(event);
  }
}

// The client makes its connection again, but never a subscription that was lost.
for (;;) {
  await follow().catch((error) => console.error(`subscribing again: ${error.message}`));
  await pause(1_000);
}
