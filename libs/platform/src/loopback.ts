import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { StartError } from './start.js';

/** What reaches this machine and no other; where IPv4 is switched off, it is the second. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;

/**
 * The loopback address that this machine has.
 *
 * @throws StartError when it has none
 */
export async function loopbackAddress(): Promise<string> {
  for (const address of LOOPBACK) {
    if (await isUp(address)) return address;
  }
  throw new StartError(
    'this machine has neither 127.0.0.1 nor ::1; bring its loopback interface up, such as with ip link set lo up',
  );
}

/** Where to listen: 127.0.0.1, which is the default, means this machine alone, also where IPv4 is off. */
export const addressToListenOn = (host: string): Promise<string> =>
  host === LOOPBACK[0] ? loopbackAddress() : Promise.resolve(host);

/** What the system says where an address, its family or the way to it is missing. */
const MISSING = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH', 'EHOSTUNREACH'];

async function isUp(address: string): Promise<boolean> {
  const probe = createServer((socket) => socket.destroy()).listen(0, address);
  try {
    await once(probe, 'listening');
    // An interface that is down may be listened on.
    const socket = connect((probe.address() as AddressInfo).port, address);
    await once(socket, 'connect');
    socket.destroy();
    return true;
  } catch (error) {
    if (MISSING.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  } finally {
    probe.close();
  }
}
