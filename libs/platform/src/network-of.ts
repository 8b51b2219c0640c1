import { isIPv6 } from 'node:net';

/** Whom an address stands for: one IPv4 address, or the 64 bits that an IPv6 customer has whole. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const { hostname } = new URL(`http://[${ip}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const groups = head.split(':').filter(Boolean);
  const after = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array<string>(8 - groups.length - after.length).fill('0');
  return `${[...groups, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
