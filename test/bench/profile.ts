// Where the time goes under guarded load: node --import tsx test/bench/profile.ts [seconds]
// Prints the functions of api, projector and stores that take most time themselves.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy } from '../faults/deployment.js';
import { Client } from '../support/client.js';
import { bearer, createKeys, KEYS, onlyApi } from './contest.js';
import { measure } from './measure.js';
import { cpuMicros } from './process-usage.js';
import { Running } from './running.js';
import { asOperated, startOwn } from './servers.js';
import { shown, table } from './table.js';

const SHOWN = 25;
const WARM_UP_MS = 3_000;

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  /** Microseconds of the machine's monotonic clock, as all of the profile's times. */
  readonly startTime: number;
  readonly timeDeltas: readonly number[];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const now = (): number => Number(process.hrtime.bigint() / 1_000n);

/** Milliseconds that each group of functions took itself within the span, the most first. */
function selfTimes(
  { nodes, samples, startTime, timeDeltas }: Profile,
  { from, to }: Span,
  group: (frame: CallFrame) => string,
): [name: string, ms: number][] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, group(callFrame)]));
  const times = new Map<string, number>();
  let at = startTime;
  for (const [index, id] of samples.entries()) {
    const deltaMicros = timeDeltas[index] ?? 0;
    at += deltaMicros;
    const name = names.get(id) ?? '?';
    if (at < from || at > to || name === '(idle)') continue;
    times.set(name, (times.get(name) ?? 0) + deltaMicros / 1_000);
  }
  return [...times].sort(([, one], [, other]) => other - one);
}

const shortUrl = (url: string): string =>
  url.replace(/^.*\/node_modules\//, '').replace(/^file:.*\/(apps|libs)\//, '$1/');

const functionOf = ({ functionName, url, lineNumber }: CallFrame): string =>
  `${functionName || '(anonymous)'} ${url === '' ? '' : `${shortUrl(url)}:${lineNumber + 1}`}`.trim();

/** An npm package, one of ours, a part of Node itself, or native code. */
function packageOf({ functionName, url }: CallFrame): string {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  const short = shortUrl(url);
  return short.split('/', /^(@|apps|libs)/.test(short) ? 2 : 1).join('/');
}

function printTimes(title: string, times: readonly [string, number][]): void {
  const busyMs = times.reduce((sum, [, ms]) => sum + ms, 0);
  const rows = times
    .slice(0, SHOWN)
    .map(([name, ms]) => [name, shown(ms), `${shown((ms / busyMs) * 100)} %`]);
  console.log(`\n${table([[title, 'self ms', 'of busy'], ...rows])}`);
}

/** @param pids names of the parts by process id, which stands in the name of the file */
async function printProfiles(
  directory: string,
  pids: ReadonlyMap<string, string>,
  span: Span,
): Promise<void> {
  for (const file of await readdir(directory)) {
    const profile = JSON.parse(await readFile(join(directory, file), 'utf8')) as Profile;
    const part = pids.get(file.split('.')[3] ?? '') ?? file;
    printTimes(`${part}: functions`, selfTimes(profile, span, functionOf));
    printTimes(`${part}: packages`, selfTimes(profile, span, packageOf));
  }
}

const seconds = Number(process.argv[2] ?? '10');
const directory = await mkdtemp(join(tmpdir(), 'keytrail-profile-'));
const running = new Running(AbortSignal.timeout(120_000));
const pids = new Map<string, string>();
let span: Span;
try {
  const execArgv = ['--cpu-prof', `--cpu-prof-dir=${directory}`];
  const deployment = await running.start(() => deploy({ apis: 1, ...asOperated, execArgv }));
  const { api, url } = onlyApi(deployment);
  const client = new Client(url);
  const session = await client.signUp();
  const headers = (await createKeys(client, session, KEYS)).map(({ apiKey }) => bearer(apiKey));
  await client.close();
  const { part: load } = await startOwn(running, 'load-process');
  const guarded = { name: 'guarded', part: api, target: { url, path: '/v1/me', headers } };
  await measure(load, guarded, WARM_UP_MS);
  const parts = { api, projector: deployment.projector, stores: deployment.eventStore };
  const before = Object.values(parts).map(({ pid }) => cpuMicros(pid));
  const from = now();
  const served = await measure(load, guarded, seconds * 1_000);
  span = { from, to: now() };
  console.log(served);
  for (const [index, [name, { pid }]] of Object.entries(parts).entries()) {
    const used = (cpuMicros(pid) - (before[index] ?? 0)) / 1e6;
    pids.set(String(pid), name);
    console.log(`${name} used ${shown((used / seconds) * 100)} % of a core`);
  }
} finally {
  await running.stopAll();
}
await printProfiles(directory, pids, span);
await rm(directory, { recursive: true });
