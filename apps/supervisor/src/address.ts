const anyAddress: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Where a program on this machine finds what listens on a host and port. */
export function urlOf(host: string, port: number): string {
  const reachable = anyAddress[host] ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
