// What Jest does once, after all suites of a run.
import { once } from 'node:events';
import { MongoClient } from 'mongodb';
import { sharedNode } from './run-begins.mjs';

export default async function runEnds() {
  if (sharedNode?.connected) {
    const ended = once(sharedNode, 'exit');
    sharedNode.disconnect();
    await ended;
  }
  if (process.env.MONGODB_URL) await dropLeftDatabases(process.env.MONGODB_URL);
}

/** Those of suites that were cut off before they could drop their own. */
async function dropLeftDatabases(url) {
  const client = new MongoClient(url);
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    const ours = `keytrail_test_${process.env.KEYTRAIL_TEST_RUN}_`;
    for (const { name } of databases) {
      if (name.startsWith(ours)) await client.db(name).dropDatabase();
    }
  } finally {
    await client.close();
  }
}
