/**
 * Runs `stop` once on SIGTERM, SIGINT, or when the supervising process is gone (its IPC channel
 * closed), then lets the process end; ends it by force when `stop` takes too long.
 */
export function onShutdown(stop: () => Promise<void>, graceMs = 10_000): void {
  let stopping = false;
  const begin = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(endAtOnce, graceMs).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', begin);
  process.once('SIGINT', begin);
  if (isOrphan()) begin();
  else if (process.send) process.once('disconnect', begin);
}

/**
 * Ends this process without waiting for anything, as `kill -9` does. `process.exit` first waits for
 * the threads of Node's pool, and a write transaction of LMDB keeps one of them until the main thread
 * answers it: with one under way, the process would neither end nor work.
 */
export function endAtOnce(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable: the process has ended');
}

/**
 * Ends a part that is still starting when its supervisor goes: until `onShutdown` is called nothing
 * listens, and there may be nobody left to stop it later.
 */
export function endWithSupervisor(graceMs = 15_000): void {
  if (isOrphan()) process.exit(1);
  if (!process.send) return;
  process.once('disconnect', () => {
    setTimeout(endAtOnce, graceMs).unref();
  });
}

/** Started by a supervisor that is gone already. */
const isOrphan = (): boolean => process.send !== undefined && !process.connected;

/** Tells a supervising process, if there is one, that this part is ready. */
export function reportReady(details: Readonly<Record<string, unknown>> = {}): void {
  if (process.connected) process.send?.({ ready: true, ...details });
}
