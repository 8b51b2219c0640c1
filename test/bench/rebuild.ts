import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Deployment } from '../faults/deployment.js';
import { rebuildCommand } from '../faults/rebuild-command.js';

const MODELS_EQUAL = /^ +equal$/;
const MODELS_DIFFERENT = /^ +different$/;

/** The last line of the progress bar, such as `█… 100 %  48213 events  20125 events/s  done`. */
const PROGRESS = / (\d+) events /;

export interface Rebuild {
  readonly events: number;
  /** From the start of the command until all read models were switched to. */
  readonly seconds: number;
  /** How many of the read models were the same before and after, by their digests. */
  readonly equal: number;
}

/** Runs the command that operators run, beside the running service. @throws Error when it fails or changes a model */
export async function measureRebuild(
  deployment: Deployment,
  signal: AbortSignal,
): Promise<Rebuild> {
  const startedAt = performance.now();
  const { args, options } = rebuildCommand(deployment);
  const child = spawn(process.execPath, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  const exited = once(child, 'exit');
  const found = { events: NaN, seconds: NaN, equal: 0, different: 0 };
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('Switched to')) found.seconds = (performance.now() - startedAt) / 1_000;
    if (PROGRESS.test(line)) found.events = Number(PROGRESS.exec(line)?.[1]);
    if (MODELS_EQUAL.test(line)) found.equal += 1;
    if (MODELS_DIFFERENT.test(line)) found.different += 1;
  }
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error(`the rebuild ended with ${String(code)}`);
  if (found.different > 0) throw new Error(`${found.different} read models came out different`);
  return found;
}
