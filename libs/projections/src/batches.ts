import type { EventBatch } from '@keytrail/event-store';

/** Passes batches on, and `null` whenever none has come for some time. */
export async function* orTicks(
  batches: AsyncIterable<EventBatch>,
  tickMs: number,
): AsyncGenerator<EventBatch | null, void, undefined> {
  const iterator = batches[Symbol.asyncIterator]();
  let upcoming: Promise<IteratorResult<EventBatch, unknown>> | undefined;
  try {
    for (;;) {
      upcoming ??= iterator.next();
      const result = await within(upcoming, tickMs);
      if (result?.done) return;
      if (result) upcoming = undefined;
      yield result ? result.value : null;
    }
  } finally {
    leave(iterator);
  }
}

/**
 * Lets the source clean up, as leaving a `for await` would. Not waited for: a source that waits for
 * events goes on only when its own signal is aborted, which its consumer may do afterwards.
 */
function leave(iterator: AsyncIterator<EventBatch>): void {
  iterator.return?.().catch(() => undefined);
}

async function within<Value>(work: Promise<Value>, leftMs: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, Math.max(leftMs, 0), undefined);
  });
  try {
    return await Promise.race([work, elapsed]);
  } finally {
    clearTimeout(timer);
  }
}
