// Measures the built product: npm run bench [-- --json FILE] [--quick]. docs/bench.md explains the results.
import { messageOf } from '@keytrail/platform';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bench } from './bench.js';
import { loadAverage } from './process-usage.js';
import { report } from './report.js';
import { Running } from './running.js';

const LIMIT_MS = 20 * 60_000;
const UNWINDING_MS = 30_000;
const USAGE = 'Usage: npm run bench [-- --json FILE] [--quick]';

function options(): { readonly json: string | undefined; readonly quick: boolean } {
  try {
    const { values } = parseArgs({
      options: { json: { type: 'string' }, quick: { type: 'boolean', default: false } },
    });
    return { json: values.json, quick: values.quick };
  } catch (error) {
    console.error(`${messageOf(error)}\n${USAGE}`);
    process.exit(2);
  }
}

const { json, quick } = options();
const interrupted = new AbortController();
for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(name, () => {
    process.exitCode = code;
    interrupted.abort();
    // All waits are bounded, but nobody who presses Ctrl-C waits for the longest of them.
    setTimeout(() => process.exit(code), UNWINDING_MS).unref();
  });
}
const running = new Running(AbortSignal.any([interrupted.signal, AbortSignal.timeout(LIMIT_MS)]));
try {
  const result = await bench(running, { quick, loadAverageAtStart: loadAverage() });
  if (json !== undefined) await writeFile(json, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`\n${report(result)}`);
} catch (error) {
  if (!interrupted.signal.aborted) {
    console.error('The bench could not be finished:', error);
    process.exitCode = 1;
  }
} finally {
  await running.stopAll();
}
