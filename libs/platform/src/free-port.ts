import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { loopbackAddress } from './loopback.js';
import { StartError } from './start.js';

/**
 * Below the range from which the system takes the near ends of connections: a client that tries again
 * and again to reach a server that was killed could otherwise be given the server's own port.
 */
const LOWEST = 10_000;
const HIGHEST = 32_000;
const ATTEMPTS = 100;

/**
 * A port of the loopback interface that nobody listens on.
 *
 * @throws StartError when there is none
 */
export const freePort = async (): Promise<number> => freePortOf(await loopbackAddress());

/** @throws StartError when the address is not there, or so many ports in a row were taken */
export async function freePortOf(host: string): Promise<number> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    const server = createServer().listen(port, host);
    try {
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') continue;
      throw new StartError(
        `no port of ${host} can be listened on (${(error as Error).message}), which the embedded stores need; ` +
          'bring that address up, or set EVENTSTOREDB_URL and MONGODB_URL',
      );
    }
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new StartError(`no free port was found on ${host} in ${ATTEMPTS} attempts`);
}
