export interface AttemptLimitOptions {
  /** The most attempts of one key within a window. */
  readonly max: number;
  readonly windowMs: number;
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
}

interface Window {
  readonly since: number;
  count: number;
}

const MOST_KEYS = 10_000;

/**
 * Counts attempts by key in windows of time, in memory. There are at most 10,000 keys: the one whose
 * window began first is forgotten for a new one.
 */
export class AttemptLimit {
  /** In the order in which the windows began. */
  private readonly windows = new Map<string, Window>();

  constructor(private readonly options: AttemptLimitOptions) {}

  /** Counts one attempt. @returns in how many seconds it may be repeated; 0 when it may go on */
  count(key: string): number {
    const { max, windowMs, now = () => performance.now() } = this.options;
    const time = now();
    this.forgetUntil(time - windowMs);
    const window = this.windows.get(key) ?? this.begin(key, time);
    if (window.count >= max)
      return Math.max(1, Math.ceil((window.since + windowMs - time) / 1_000));
    window.count += 1;
    return 0;
  }

  forget(key: string): void {
    this.windows.delete(key);
  }

  get size(): number {
    return this.windows.size;
  }

  private begin(key: string, since: number): Window {
    const window = { since, count: 0 };
    const [oldest] = this.windows.keys();
    if (this.windows.size >= MOST_KEYS && oldest !== undefined) this.windows.delete(oldest);
    this.windows.set(key, window);
    return window;
  }

  private forgetUntil(time: number): void {
    for (const [key, { since }] of this.windows) {
      if (since > time) return;
      this.windows.delete(key);
    }
  }
}
