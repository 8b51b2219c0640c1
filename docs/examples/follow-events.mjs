// Follows the event feed from the first event on and goes on where it was after each interruption.
// node follow-events.mjs
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const { KEYTRAIL_URL = 'http://127.0.0.1:3000', KEYTRAIL_API_KEY } = process.env;
const { POSITION_FILE = 'feed.position' } = process.env;

let position = await readFile(POSITION_FILE, 'utf8').catch((error) => {
  if (error.code === 'ENOENT') return 'start';
  throw error;
});

/** What this program is for. It may see an event again after a crash: `event.id` tells. */
async function handle(event) {
  console.log(event.sequence, event.type, event.subject);
}

/** Whole or not at all: whoever is killed meanwhile finds the position before. */
async function keepPosition() {
  await writeFile(`${POSITION_FILE}.new`, position);
  await rename(`${POSITION_FILE}.new`, POSITION_FILE);
}

async function readPages() {
  for (;;) {
    const response = await fetch(`${KEYTRAIL_URL}/v1/events?from=${position}&limit=100&wait=20`, {
      headers: { authorization: `Bearer ${KEYTRAIL_API_KEY}` },
    });
    const answer = await response.json();
    if (response.status === 503) return;
    if (!response.ok) throw new Error(`${answer.code}: ${answer.detail}`);
    for (const event of answer.events) await handle(event);
    position = answer.nextPosition;
    await keepPosition();
  }
}

for (;;) {
  await readPages().catch((error) => {
    // A failed connection is tried again; anything that Keytrail said no to is not.
    if (error.message !== 'fetch failed') throw error;
  });
  await pause(1_000);
}
