import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { EventLog } from '@keytrail/event-store';
import { uniqueId } from '@keytrail/platform';
import { recoverModels, type UnappliedEvent } from '@keytrail/projections';
import { lostEntries, type ReadModels, takenAway, type TakenAway } from '@keytrail/read-models';
import type { ProgressBar } from './progress-bar.js';
import { sourceOf } from './event-source.js';
import { writeAgain } from './write-again.js';

interface Parts {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly bar: ProgressBar;
  readonly signal: AbortSignal;
  readonly onFailure: (error: unknown) => void;
  readonly onUnapplied: (event: UnappliedEvent) => void;
}

/**
 * Makes all read models anew from a log that is not the one they were made from. What was taken away
 * since that log was copied is taken away again before anybody reads them; what the log has lost is
 * listed in a file, and not invented.
 *
 * @returns whether the new models are being read
 */
export async function recover({
  log,
  readModels,
  bar,
  signal,
  onFailure,
  onUnapplied,
}: Parts): Promise<boolean> {
  const file = resolve(`lost-entries-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.jsonl`);
  return recoverModels(readModels, {
    ...{ source: sourceOf(log), head: (hint) => log.head(hint), signal, onFailure, onUnapplied },
    onProgress: ({ events, fraction }) => {
      bar.show(events, fraction);
    },
    onBuilt: async () => {
      bar.end();
      await takeAwayAgain(log, readModels);
      const counts = await listLost(readModels, file);
      console.log(counts.size === 0 ? 'The log has lost no entry.' : summary(counts, file));
    },
  });
}

async function takeAwayAgain(log: EventLog, readModels: ReadModels): Promise<void> {
  const restoreId = uniqueId();
  const done = new Map<TakenAway['kind'], number>();
  for await (const lost of takenAway(readModels)) {
    const refusal = await writeAgain(log, lost, restoreId);
    if (refusal === null) done.set(lost.kind, (done.get(lost.kind) ?? 0) + 1);
    else console.error(`Not taken away again (${refusal}), do it by hand: ${JSON.stringify(lost)}`);
  }
  for (const [kind, count] of done) console.log(`Written again: ${sentences[kind]} ${count}`);
}

const sentences: Readonly<Record<TakenAway['kind'], string>> = {
  key: 'keys revoked:',
  member: 'members removed:',
  role: 'owners who are reviewers:',
  invitation: 'invitations withdrawn:',
};

/** Writes what the log has lost to a file, a line each, newest first. @returns how many of each type */
async function listLost(
  readModels: ReadModels,
  file: string,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let out: ReturnType<typeof createWriteStream> | undefined;
  for await (const { _id: position, ...entry } of lostEntries(readModels)) {
    out ??= createWriteStream(file, { mode: 0o600 });
    counts.set(entry.type, (counts.get(entry.type) ?? 0) + 1);
    if (!out.write(`${JSON.stringify({ position, ...entry })}\n`)) await once(out, 'drain');
  }
  if (out) await once(out.end(), 'finish');
  return counts;
}

function summary(counts: ReadonlyMap<string, number>, file: string): string {
  const list = [...counts].map(([type, count]) => `${type} ${count}`).join(', ');
  return `Entries that the lists had and the log has lost: ${list}. They are in ${file}`;
}
