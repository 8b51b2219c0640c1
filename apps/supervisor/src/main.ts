import { assertPortUsable, createLogger, runMain } from '@keytrail/platform';
import { readConfiguration } from './configuration.js';
import { PartFailedError } from './part.js';
import { Parts } from './parts.js';

/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const sameSignalMs = 1_000;

async function main(): Promise<void> {
  const configuration = readConfiguration();
  const { HOST, PORT } = configuration.api;
  await assertPortUsable(PORT, HOST);
  const logger = createLogger('supervisor', configuration.supervisor.LOG_LEVEL);
  const parts = new Parts(configuration, logger);
  const isStopping = stopOnSignal(parts);
  try {
    const port = await parts.start();
    if (!isStopping()) console.log(`Keytrail is ready at ${urlOf(HOST, port)}`);
  } catch (error) {
    if (isStopping()) return;
    await parts.stop();
    // A part that ended by itself has said why.
    if (error instanceof PartFailedError && error.signal === null) process.exit(1);
    throw error;
  }
}

function stopOnSignal(parts: Parts): () => boolean {
  let stoppingSince: number | undefined;
  const onSignal = (): void => {
    if (stoppingSince === undefined) {
      stoppingSince = Date.now();
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
  return () => stoppingSince !== undefined;
}

/** Where a browser on this machine finds it. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

runMain(main);
