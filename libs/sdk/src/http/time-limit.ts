import { isKeytrailError, KeytrailError } from '../common/keytrail-error.js';

/** Ends a call: when its time is over or when its caller says so. Close it in the end. */
export class TimeLimit {
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #onAbort = (): void => {
    this.#controller.abort('aborted');
  };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #limitMs: number;
  #endsAt = Infinity;

  constructor(limitMs: number, callerSignal: AbortSignal | undefined) {
    this.#limitMs = limitMs;
    this.#callerSignal = callerSignal;
    if (callerSignal?.aborted) this.#onAbort();
    callerSignal?.addEventListener('abort', this.#onAbort, { once: true });
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** How much of the time is left. */
  get leftMs(): number {
    return this.#endsAt - performance.now();
  }

  /** Gives it its whole time again, or another one. */
  restart(limitMs = this.#limitMs): void {
    this.pause();
    this.#limitMs = limitMs;
    this.#endsAt = performance.now() + limitMs;
    this.#timer = setTimeout(() => {
      this.#controller.abort('timeout');
    }, limitMs);
  }

  /** Stops the clock until it is restarted. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#endsAt = Infinity;
  }

  /** Ends what is still under way and lets go of the caller's signal. */
  close(): void {
    this.pause();
    this.#callerSignal?.removeEventListener('abort', this.#onAbort);
    this.#controller.abort('aborted');
  }

  /** The error to throw for what was caught while the limit was in force. */
  explain(error: unknown): KeytrailError {
    if (this.signal.aborted) {
      return this.signal.reason === 'timeout'
        ? new KeytrailError({
            code: 'timeout',
            detail: `Nothing came for ${this.#limitMs} ms.`,
            cause: error,
          })
        : new KeytrailError({
            code: 'aborted',
            detail: 'The caller ended the call.',
            cause: this.#callerSignal?.reason,
          });
    }
    if (isKeytrailError(error)) return error;
    return new KeytrailError({
      code: 'network_error',
      detail: 'Keytrail could not be reached, or its answer broke off.',
      cause: error,
    });
  }
}

/** Waits; rejects as soon as the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
