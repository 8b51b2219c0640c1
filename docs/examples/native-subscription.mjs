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
    const { commit, prepare } = JSON.parse(await readFile(CHECKPOINT_FILE, 'utf8'));
    return { commit: BigInt(commit), prepare: BigInt(prepare) };
  } catch (error) {
    if (error.code === 'ENOENT') return START;
    throw error;
  }
}

/** Both parts of the position, written whole or not at all. */
async function writeCheckpoint({ commit, prepare }) {
  await writeFile(
    `${CHECKPOINT_FILE}.new`,
    JSON.stringify({ commit: `${commit}`, prepare: `${prepare}` }),
  );
  await rename(`${CHECKPOINT_FILE}.new`, CHECKPOINT_FILE);
}

async function follow() {
  const subscription = client.subscribeToAll({
    fromPosition: await readCheckpoint(),
    filter: streamNameFilter({ prefixes: ['apiKey-', 'keyUsage-', 'keyRefusal-'] }),
  });
  // Pulled one by one: a handler on 'data' would not be waited for, and events would overtake each other.
  for await (const { event } of subscription) {
    if (!event) continue;
    await handle(event);
    await writeCheckpoint(event.position);
  }
}

// The client makes its connection again, but never a subscription that was lost.
for (;;) {
  await follow().catch((error) => console.error(`subscribing again: ${error.message}`));
  await pause(1_000);
}
