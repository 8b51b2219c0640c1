import { EventLog } from '@keytrail/event-store';
import {
  loadConfig,
  messageOf,
  runMain,
  StoreSettings,
  withRunningStores,
} from '@keytrail/platform';
import {
  adoptPlaces,
  compareGenerations,
  isOfLog,
  levelGenerations,
  progressOfModel,
  rebuildModels,
  setUpReadModels,
  type UnappliedEvent,
} from '@keytrail/projections';
import { type ModelName, modelNames, openReadModels, type ReadModels } from '@keytrail/read-models';
import { sourceOf } from './event-source.js';
import { ProgressBar } from './progress-bar.js';
import { recover } from './recover.js';

const usage = `Usage: npm run rebuild -- <model|all>, where model is one of ${modelNames.join(', ')}`;

const noStores = (dataDir: string): string =>
  `No embedded stores run on DATA_DIR ${dataDir}: start Keytrail there first, or set EVENTSTOREDB_URL and MONGODB_URL.`;

async function main(argument: string | undefined): Promise<void> {
  const names = modelNames.filter((name) => argument === 'all' || argument === name);
  if (names.length === 0) {
    fail(usage);
    return;
  }
  const env = await withRunningStores(process.env);
  if (!env['EVENTSTOREDB_URL'] && !env['MONGODB_URL']) {
    fail(noStores(env['DATA_DIR'] || './data'));
    return;
  }
  const config = loadConfig(StoreSettings, env);
  const log = new EventLog(config.EVENTSTOREDB_URL);
  const readModels = openReadModels(config.MONGODB_URL);
  try {
    await rebuild(log, readModels, names);
  } finally {
    await Promise.all([log.close(), readModels.close()]);
  }
}

function onFailure(error: unknown): void {
  console.error(`The read models could not be written; trying again: ${messageOf(error)}`);
}

function onUnapplied({ model, type, eventId, reason }: UnappliedEvent): void {
  console.error(`${model} cannot take the ${type} ${eventId}, which was set aside: ${reason}`);
}

async function rebuild(
  log: EventLog,
  readModels: ReadModels,
  names: readonly ModelName[],
): Promise<void> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      interrupted.abort();
    });
  }
  const { signal } = interrupted;
  const source = sourceOf(log);
  const bar = new ProgressBar(process.stdout);
  await setUpReadModels(readModels);
  await adoptPlaces(readModels, (position) => log.lastUpTo(position));
  if (!(await isSameLog(log, readModels))) {
    if (names.length < modelNames.length) {
      fail(OTHER_LOG);
      return;
    }
    console.log('This event log is not the one that the read models were made from.');
    if (await recover({ log, readModels, bar, signal, onFailure, onUnapplied })) {
      console.log('Switched to the read models of this log.');
    } else fail('Stopped before the switch; the next start goes on from here.');
    return;
  }
  const switched = await rebuildModels(readModels, names, {
    ...{ source, signal, onFailure, onUnapplied },
    head: (hint) => log.head(hint),
    onProgress: ({ events, fraction }) => {
      bar.show(events, fraction);
    },
    onBuilt: (earliestSwitch) => {
      bar.end();
      if (earliestSwitch) console.log(waitingUntil(earliestSwitch));
    },
  });
  if (!switched) {
    bar.end();
    fail('Stopped before the switch; the next start goes on from here.');
    return;
  }
  console.log(`Switched to the new ${names.join(', ')}. Comparing old and new:`);
  await levelGenerations(readModels, names, { source, signal, onFailure });
  for (const name of names) await printDigests(readModels, name);
}

const OTHER_LOG =
  'The event log is not the one that the read models were made from: it is another one, or an older copy. ' +
  'Check EVENTSTOREDB_URL; if the log was restored, run npm run rebuild -- all.';

async function isSameLog(log: EventLog, readModels: ReadModels): Promise<boolean> {
  for (const model of modelNames) {
    if (!(await isOfLog(log, await progressOfModel(readModels, model)))) return false;
  }
  return true;
}

const waitingUntil = (earliestSwitch: Date): string =>
  `Built. What the last rebuild replaced is kept for its readers until ${earliestSwitch.toISOString()}; the switch follows then.`;

async function printDigests(readModels: ReadModels, name: ModelName): Promise<void> {
  const digests = await compareGenerations(readModels, name);
  if (digests === null) {
    console.log(`${name.padEnd(12)} the old one is gone already`);
    return;
  }
  const { documents } = digests;
  console.log(`${name.padEnd(12)} old ${digests.old} (${documents.old} documents)`);
  console.log(`${' '.repeat(12)} new ${digests.new} (${documents.new} documents)`);
  console.log(`${' '.repeat(12)} ${digests.old === digests.new ? 'equal' : 'different'}`);
}

function fail(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}

runMain(() => main(process.argv[2]));
