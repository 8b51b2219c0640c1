/**
 * Runs `stop` once on SIGTERM, SIGINT, or when the supervising process is gone (its IPC channel
 * closed), then lets the process end; ends it by force when `stop` takes too long.
 */
export function onShutdown(stop: () => Promise<void>, graceMs = 10_000): void {
  let stopping = false;
  const begin = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), graceMs).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', begin);
  process.once('SIGINT', begin);
  if (process.channel) process.once('disconnect', begin);
}

/** Tells a supervising process, if there is one, that this part is ready. */
export function reportReady(details: Readonly<Record<string, unknown>> = {}): void {
  process.send?.({ ready: true, ...details });
}
