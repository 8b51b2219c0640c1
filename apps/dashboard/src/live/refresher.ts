import type { Subject } from '../api/queries.js';

const GATHER_MS = 200;
const AT_MOST_EVERY_MS = 1_000;

/**
 * Turns a flow of "this changed" into few refreshes: the first shortly after the change, further ones at
 * most once a second, and always one after the last change, when the read models have surely caught up.
 */
export class Refresher {
  private readonly refresh: (subjects: ReadonlySet<Subject>) => void;
  private changed = new Set<Subject>();
  private again = new Set<Subject>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(refresh: (subjects: ReadonlySet<Subject>) => void) {
    this.refresh = refresh;
  }

  add(subjects: Iterable<Subject>): void {
    for (const subject of subjects) this.changed.add(subject);
    this.timer ??= setTimeout(this.flush, GATHER_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changed.clear();
    this.again.clear();
  }

  private readonly flush = (): void => {
    const due = new Set([...this.changed, ...this.again]);
    this.again = this.changed;
    this.changed = new Set();
    if (due.size > 0) this.refresh(due);
    this.timer = this.again.size > 0 ? setTimeout(this.flush, AT_MOST_EVERY_MS) : undefined;
  };
}
