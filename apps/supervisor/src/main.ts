import { addressToListenOn, assertPortUsable, createLogger, runMain } from '@keytrail/platform';
import { urlOf } from './address.js';
import { readConfiguration } from './configuration.js';
import { PartFailedError } from './part.js';
import { Parts } from './parts.js';
import { untilReady } from './readiness.js';

/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const sameSignalMs = 1_000;

async function main(): Promise<void> {
  const configuration = readConfiguration();
  const { PORT } = configuration.api;
  const HOST = await addressToListenOn(configuration.api.HOST);
  await assertPortUsable(PORT, HOST);
  const logger = createLogger('supervisor', configuration.supervisor.LOG_LEVEL);
  const parts = new Parts(configuration, logger);
  const stopping = stopOnSignal(parts);
  try {
    const url = urlOf(HOST, await parts.start());
    const ready = await untilReady({ url, tell: tellWhatIsMissing, signal: stopping });
    if (ready) console.log(`Keytrail is ready at ${url}`);
  } catch (error) {
    if (stopping.aborted) return;
    await parts.stop();
    // A part that ended by itself has said why.
    if (error instanceof PartFailedError && error.signal === null) process.exit(1);
    throw error;
  }
}

function tellWhatIsMissing(reasons: readonly string[]): void {
  for (const reason of reasons) console.log(`Keytrail is not ready yet: ${reason}`);
}

function stopOnSignal(parts: Parts): AbortSignal {
  const stopping = new AbortController();
  let stoppingSince: number | undefined;
  const onSignal = (): void => {
    if (stoppingSince === undefined) {
      stoppingSince = Date.now();
      stopping.abort();
      parts.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    } else if (Date.now() - stoppingSince > sameSignalMs) {
      parts.kill();
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return stopping.signal;
}

runMain(main);
