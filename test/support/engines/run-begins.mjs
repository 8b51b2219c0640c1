// What Jest does once, before all suites of a run.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @type {import('node:child_process').ChildProcess | undefined} */
export let sharedNode;

/** Names the run, and starts the node that its suites share when only a command for nodes is given. */
export default async function runBegins() {
  process.env.KEYTRAIL_TEST_RUN = randomBytes(4).toString('hex');
  if (!process.env.EVENTSTOREDB_COMMAND || process.env.EVENTSTOREDB_URL) return;
  const program = fileURLToPath(new URL('shared-node.ts', import.meta.url));
  sharedNode = fork(program, {
    env: { ...process.env, NODE_OPTIONS: '' },
    execArgv: ['--import', 'tsx'],
  });
  const ended = once(sharedNode, 'exit').then(() => {
    throw new Error('EVENTSTOREDB_COMMAND did not start a node');
  });
  ended.catch(() => undefined);
  const [url] = await Promise.race([once(sharedNode, 'message'), ended]);
  process.env.EVENTSTOREDB_URL = url;
}
