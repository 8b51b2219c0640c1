import { ReadModelError } from './errors.js';
import type { Registry } from './registry.js';
import { ReadView } from './view.js';

export interface WaitOptions {
  /** When to give up, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

interface Waiter<Name extends string> {
  readonly models: readonly Name[];
  readonly position: string;
  readonly resolve: (view: ReadView<Name>) => void;
  readonly reject: (error: unknown) => void;
}

/** A replaced generation is kept for a minute; a view may be used for far less. */
const freshForMs = 2_000;
const pollEveryMs = 2;
/** How long a store that does not answer is left alone before the next attempt. */
const pauseAfterErrorMs = 100;

/**
 * The process's knowledge of the registry. All who wait share one poll, which runs only while
 * somebody waits: a find serves everybody who had asked before it started.
 */
export class ViewSource<Name extends string = string> {
  private latest: { readonly view: ReadView<Name>; readonly at: number } | undefined;
  private loading: Promise<ReadView<Name>> | undefined;
  private readonly waiters = new Set<Waiter<Name>>();
  private polling = false;
  private backwards = 0;
  private losses = 0;

  constructor(
    private readonly registry: Registry,
    private readonly names: readonly Name[],
  ) {}

  /** How often the models were found to be less far than before: the database was put back. */
  get setbacks(): number {
    return this.backwards;
  }

  /** How often the database may have been put back: it was lost from sight, or found to be less far. */
  get doubts(): number {
    return this.backwards + this.losses;
  }

  /** The database was lost from sight: what is known of it has to be looked at anew. */
  readonly lost = (): void => {
    this.losses += 1;
    if (this.latest) this.latest = { view: this.latest.view, at: -Infinity };
  };

  /** A view at most a few seconds old. */
  async current(): Promise<ReadView<Name>> {
    return this.fresh() ?? (await (this.loading ??= this.load()));
  }

  /**
   * Resolves with a view in which all the models have passed a position.
   *
   * @throws ReadModelError `read_model_behind` after the timeout; the signal's reason when aborted
   */
  async waitFor(
    models: readonly Name[],
    position: string,
    { timeoutMs, signal }: WaitOptions,
  ): Promise<ReadView<Name>> {
    signal?.throwIfAborted();
    const known = this.fresh();
    if (known?.reaches(models, position)) return known;
    let stop = (): void => undefined;
    const passed = new Promise<ReadView<Name>>((resolve, reject) => {
      const waiter: Waiter<Name> = { models, position, resolve, reject };
      const timer = setTimeout(() => {
        reject(behind(models, position, timeoutMs));
      }, timeoutMs);
      const onAbort = (): void => {
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      stop = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.waiters.delete(waiter);
      };
      this.waiters.add(waiter);
    });
    void this.poll();
    try {
      return await passed;
    } finally {
      stop();
    }
  }

  private fresh(): ReadView<Name> | undefined {
    return this.latest && performance.now() - this.latest.at < freshForMs
      ? this.latest.view
      : undefined;
  }

  private async load(): Promise<ReadView<Name>> {
    const at = performance.now();
    const { losses } = this;
    try {
      const view = new ReadView<Name>(this.registry, await this.registry.load());
      if (this.latest && this.isBehind(view, this.latest.view)) this.backwards += 1;
      this.latest = { view, at: losses === this.losses ? at : -Infinity };
      return view;
    } finally {
      this.loading = undefined;
    }
  }

  private isBehind(view: ReadView<Name>, earlier: ReadView<Name>): boolean {
    const positionIn = ({ entries }: ReadView<Name>, name: Name): string =>
      entries.get(name)?.position ?? '';
    return this.names.some((name) => positionIn(view, name) < positionIn(earlier, name));
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    while (this.waiters.size > 0) {
      const startedAt = performance.now();
      const asked = [...this.waiters];
      const view = await this.load().catch(() => undefined);
      for (const waiter of view ? asked : []) {
        if (view?.reaches(waiter.models, waiter.position)) waiter.resolve(view);
      }
      const restMs = (view ? pollEveryMs : pauseAfterErrorMs) - (performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, Math.max(restMs, 0)));
    }
    this.polling = false;
  }
}

const behind = (models: readonly string[], position: string, timeoutMs: number) =>
  new ReadModelError(
    'read_model_behind',
    `${models.join(', ')} did not reach ${position} within ${timeoutMs} ms`,
  );
