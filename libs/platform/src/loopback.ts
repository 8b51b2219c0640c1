import { once } from 'node:events';
import { createServer } from 'node:net';
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
    if (await canListen(address)) return address;
  }
  throw new StartError(
    'this machine has neither 127.0.0.1 nor ::1; bring its loopback interface up, such as with ip link set lo up',
  );
}

/** Where to listen: 127.0.0.1, which is the default, means this machine alone, also where IPv4 is off. */
export const addressToListenOn = (host: string): Promise<string> =>
  host === LOOPBACK[0] ? loopbackAddress() : Promise.resolve(host);

async function canListen(host: string): Promise<boolean> {
  const probe = createServer().listen(0, host);
  try {
    await once(probe, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Families of addresses may be missing from the kernel, or switched off.
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return false;
    throw error;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
