import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LoggedEvent } from '../support/read-log.js';
import type { Deployment } from './deployment.js';
import { rebuildCommand } from './rebuild-command.js';
import type { Acknowledged } from './workload.js';

export interface Findings {
  /** Acknowledged, but not in the log. */
  readonly missing: readonly string[];
  /** More than once in the log. */
  readonly doubled: readonly string[];
}

/** Holds what clients were told against what the log has. */
export function auditAcknowledgements(told: Acknowledged, log: readonly LoggedEvent[]): Findings {
  const uses = count(log, 'KeyUsed', ({ requestId }) => requestId);
  const created = count(log, 'KeyCreated', keyOf);
  const revoked = count(log, 'KeyRevoked', keyOf);
  const missing = [
    ...told.uses.filter((id) => !uses.has(id)),
    ...told.created.filter((id) => !created.has(id)),
    ...told.revoked.filter((id) => !revoked.has(id)),
  ];
  const doubled = [uses, created, revoked].flatMap((counts) =>
    [...counts].flatMap(([id, times]) => (times > 1 ? [id] : [])),
  );
  return { missing, doubled };
}

/** Rebuilds every read model from the log and tells which differ from what the projector had built. */
export async function rebuildAndCompare(
  deployment: Deployment,
): Promise<{ equal: number; different: string[] }> {
  const { args, options } = rebuildCommand(deployment);
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    ...options,
    timeout: 120_000,
  });
  const lines = stdout.split('\n');
  return {
    equal: lines.filter((line) => /^\s+equal$/.test(line)).length,
    different: lines.filter((line) => /different|gone/.test(line)),
  };
}

const keyOf = ({ data }: LoggedEvent): string => String(data['keyId']);

function count(
  log: readonly LoggedEvent[],
  type: string,
  idOf: (event: LoggedEvent) => string,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of log) {
    if (event.type === type) counts.set(idOf(event), (counts.get(idOf(event)) ?? 0) + 1);
  }
  return counts;
}
