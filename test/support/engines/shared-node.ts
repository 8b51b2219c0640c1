// A node that the suites of one run share, for as long as the run lasts: node --import tsx shared-node.ts
// Its message is where the node answers; it ends when the test runner lets go of it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../net/free-port.js';
import { OwnNode } from './own-node.js';

const dataDir = await mkdtemp(join(tmpdir(), 'keytrail-node-'));
const node = new OwnNode(join(dataDir, 'db'), await freePort());

const end = async (): Promise<void> => {
  await node.kill9();
  await rm(dataDir, { recursive: true, force: true });
  process.exit();
};
process.once('disconnect', () => void end());

await node.start();
process.send?.(node.url);
