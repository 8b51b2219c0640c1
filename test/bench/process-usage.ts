import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** USER_HZ, in which Linux counts processor time for its users on every common architecture. */
const TICKS_PER_SECOND = 100;
const FIELDS_BEFORE_UTIME = 11;

/** Processor time that all threads of a process have used so far, in microseconds; see proc(5). */
export function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in parentheses and may itself contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = NaN, system = NaN] = fields.slice(FIELDS_BEFORE_UTIME).map(Number);
  return ((user + system) / TICKS_PER_SECOND) * 1e6;
}

/** The same of a process and of those that it has started and not yet ended. */
export function cpuMicrosWithChildren(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  const pids = [pid, ...children.filter((child) => child !== '').map(Number)];
  return pids.reduce((sum, each) => sum + cpuMicros(each), 0);
}

/** The most memory that a process has had resident so far, in MiB. */
export function peakRssMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return Math.round(Number(kibibytes) / 102.4) / 10;
}

export interface Machine {
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryMiB: number;
  /** Processes that ran or waited to, a mean of the last minute, before the first and after the last step. */
  readonly loadAverageAtStart: number;
  readonly loadAverageAtEnd: number;
}

export const loadAverage = (): number => Math.round((loadavg()[0] ?? NaN) * 100) / 100;

export const describeMachine = (loadAverageAtStart: number): Machine => ({
  node: process.version,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryMiB: Math.round(totalmem() / 2 ** 20),
  loadAverageAtStart,
  loadAverageAtEnd: loadAverage(),
});
