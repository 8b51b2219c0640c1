import { lookup } from 'node:dns/promises';

/** The one user of both stores. */
export const USER = 'keytrail';

/**
 * The name by which clients reach a loopback address: `localhost` where it leads there, since TLS knows
 * names and Node.js warns of addresses in their place; else the address.
 */
export async function nameOf(address: string): Promise<string> {
  const found = await lookup('localhost', { all: true }).catch(() => []);
  return found.some((each) => each.address === address) ? 'localhost' : address;
}
