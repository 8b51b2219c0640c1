/** Attempts of callers who are alike, which become one event. */
interface Group<Attempt> {
  /** How many have not been handed on. */
  count: number;
  latest: Attempt;
}

interface Window<Attempt> {
  readonly groups: Map<string, Group<Attempt>>;
  /** Of all callers after those that are kept apart. */
  rest: Group<Attempt> | undefined;
  readonly timer: NodeJS.Timeout;
}

export interface Folded<Attempt> {
  /** The last of them. */
  readonly attempt: Attempt;
  readonly count: number;
  /** Whether they are of callers that were not kept apart. */
  readonly isOfMany: boolean;
}

export interface FolderOptions<Attempt> {
  /** Writes attempts down; it never rejects, for nobody waits for it but `end`. */
  readonly record: (folded: Folded<Attempt>) => Promise<void>;
  readonly windowMs?: number;
  /** How many callers of a key are kept apart within a window. */
  readonly mostCallers?: number;
  /** For how many keys a window may be open; for one more, the oldest is closed early. */
  readonly mostKeys?: number;
}

const DEFAULTS = { windowMs: 1_000, mostCallers: 20, mostKeys: 1_000 };

/**
 * Folds attempts by key and caller: the first of a caller is handed on at once, those of the following
 * second together with their number. Whoever makes up many callers or keys fills neither the log nor
 * the memory.
 */
export class AttemptFolder<Attempt> {
  /** In the order in which they were opened. */
  private readonly windows = new Map<string, Window<Attempt>>();
  private readonly recording = new Set<Promise<void>>();
  private readonly options: Required<FolderOptions<Attempt>>;

  constructor(options: FolderOptions<Attempt>) {
    this.options = { ...DEFAULTS, ...options };
  }

  add(key: string, caller: string, attempt: Attempt): void {
    const { mostCallers } = this.options;
    const window = this.windows.get(key) ?? this.open(key, new Map());
    const group = window.groups.get(caller);
    if (group) {
      group.count += 1;
      group.latest = attempt;
    } else if (window.groups.size < mostCallers) {
      window.groups.set(caller, { count: 0, latest: attempt });
      this.handOn({ attempt, count: 1, isOfMany: false });
    } else {
      window.rest = { count: (window.rest?.count ?? 0) + 1, latest: attempt };
    }
  }

  /** Records what the open windows still hold. Resolves once all that was handed on is recorded. */
  async end(): Promise<void> {
    for (const [key, window] of this.windows) this.close(key, window);
    await Promise.all(this.recording);
  }

  private handOn(folded: Folded<Attempt>): void {
    const recording = this.options.record(folded).finally(() => this.recording.delete(recording));
    this.recording.add(recording);
  }

  private open(key: string, groups: Window<Attempt>['groups']): Window<Attempt> {
    const [oldest] = this.windows;
    if (this.windows.size >= this.options.mostKeys && oldest) this.close(...oldest);
    const timer = setTimeout(() => {
      const active = this.close(key, window);
      // Who goes on is folded in the next second as well.
      if (active.size > 0) this.open(key, active);
    }, this.options.windowMs).unref();
    const window = { groups, rest: undefined, timer };
    this.windows.set(key, window);
    return window;
  }

  /** @returns the callers that went on during the window */
  private close(key: string, { groups, rest, timer }: Window<Attempt>): Window<Attempt>['groups'] {
    clearTimeout(timer);
    this.windows.delete(key);
    const active: Window<Attempt>['groups'] = new Map();
    for (const [caller, { count, latest }] of groups) {
      if (count === 0) continue;
      this.handOn({ attempt: latest, count, isOfMany: false });
      active.set(caller, { count: 0, latest });
    }
    if (rest) this.handOn({ attempt: rest.latest, count: rest.count, isOfMany: true });
    return active;
  }
}
