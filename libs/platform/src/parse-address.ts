import ipaddr from 'ipaddr.js';

const WITH_PORT = /^(?:\[(?<v6>[^[\]]+)\]|(?<v4>[\d.]+))(?::(?<port>\d{1,5}))?$/;
const HIGHEST_PORT = 65_535;

/**
 * Reads an IP address as proxies and programs write it, also with the port that some append
 * (`203.0.113.9:51008`, `[2001:db8::1]:443`). The answer is the form in which addresses compare: dotted
 * decimal, also for an IPv4 address inside of IPv6, or RFC 5952. `undefined` if the text is none, or names
 * a zone, which means something on one machine only.
 */
export function parseAddress(text: string): string | undefined {
  const { v6, v4, port = '0' } = WITH_PORT.exec(text)?.groups ?? {};
  if (Number(port) > HIGHEST_PORT) return undefined;
  const address = v6 ?? v4 ?? text;
  const isV4 = v6 === undefined && ipaddr.IPv4.isValidFourPartDecimal(address);
  const isV6 = v4 === undefined && ipaddr.IPv6.isValid(address) && !address.includes('%');
  return isV4 || isV6 ? ipaddr.process(address).toString() : undefined;
}
