type TrustProxy = false | ((address: string, hop: number) => boolean);

/**
 * How many of the nearest hops Fastify believes what they say of the hop before them. Proxies append
 * to `X-Forwarded-For`, so what a client claims stands in front of what the trusted ones saw. Fastify
 * itself takes a number as a reason to trust nobody, hence the function.
 *
 * @param setting `TRUST_PROXY`: `false`, `true` for one proxy, or their number
 */
export function trustProxy(setting: string): TrustProxy {
  if (setting === 'false') return false;
  const proxies = setting === 'true' ? 1 : Number(setting);
  return (_address, hop) => hop < proxies;
}
