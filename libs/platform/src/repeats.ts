type Timer = (run: () => void, delayMs: number) => void;

export interface RepeatsOptions<Entry> {
  /** At most one entry of a cause in this time, in milliseconds. */
  readonly intervalMs: number;
  /**
   * @param entry the newest of its cause
   * @param count of how many this is told, 1 or more
   * @param first whether nothing of this cause was told in the interval before
   */
  readonly tell: (entry: Entry, count: number, first: boolean) => void;
  /** Calls back later; for tests. Does not keep the process alive. */
  readonly after?: Timer;
  /** Causes that are told apart at the same time; all further ones count as one. */
  readonly maxCauses?: number;
}

interface Waiting<Entry> {
  entry: Entry;
  count: number;
}

const MAX_CAUSES = 100;
const OTHERS = '';

/**
 * Keeps what happens again and again from filling the log: the first entry of a cause is told at once,
 * later ones together at the end of each interval, and none is left out of the count.
 */
export class Repeats<Entry> {
  private readonly waiting = new Map<string, Waiting<Entry> | undefined>();
  private readonly after: Timer;
  private readonly maxCauses: number;

  constructor(private readonly options: RepeatsOptions<Entry>) {
    this.after = options.after ?? afterUnnoticed;
    this.maxCauses = options.maxCauses ?? MAX_CAUSES;
  }

  add(cause: string, entry: Entry): void {
    const key = this.waiting.has(cause) || this.waiting.size < this.maxCauses ? cause : OTHERS;
    if (!this.waiting.has(key)) {
      this.begin(key);
      this.options.tell(entry, 1, true);
      return;
    }
    const count = (this.waiting.get(key)?.count ?? 0) + 1;
    this.waiting.set(key, { entry, count });
  }

  private begin(cause: string): void {
    this.waiting.set(cause, undefined);
    this.after(() => {
      this.end(cause);
    }, this.options.intervalMs);
  }

  /** A cause that was silent for a whole interval is forgotten, so that its next entry is a first one. */
  private end(cause: string): void {
    const waiting = this.waiting.get(cause);
    this.waiting.delete(cause);
    if (!waiting) return;
    this.begin(cause);
    this.options.tell(waiting.entry, waiting.count, false);
  }
}

function afterUnnoticed(run: () => void, delayMs: number): void {
  setTimeout(run, delayMs).unref();
}
