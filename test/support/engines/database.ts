import { MongoClient } from 'mongodb';
import { randomUUID } from 'node:crypto';

/**
 * The address of a database that nobody has used yet, on the servers of another address.
 *
 * Its name begins with that of the run of the tests: at the end of the run whatever a suite has left is
 * dropped by it, also when the suite was cut off.
 */
export function newDatabase(serverUrl: string): string {
  const run = process.env['KEYTRAIL_TEST_RUN'] ?? 'alone';
  return withDatabase(serverUrl, `keytrail_test_${run}_${randomUUID().replaceAll('-', '')}`);
}

/** The same servers and options with another database in the path. */
function withDatabase(url: string, database: string): string {
  const [, servers = '', query = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/?]+)[^?]*(\?.*)?$/.exec(url) ?? [];
  return `${servers}/${database}${query}`;
}

export async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}
