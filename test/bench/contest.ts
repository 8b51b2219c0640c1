import { deploy } from '../faults/deployment.js';
import type { Deployment } from '../faults/deployment.js';
import type { Part } from '../faults/part.js';
import type { Victim } from '../support/engines/victim.js';
import { Client } from '../support/client.js';
import type { IssuedKey } from '../support/client.js';
import type { LoadJob } from './load.js';
import { startPostgres } from './postgres.js';
import type { Running } from './running.js';
import { asOperated, startOwn, startStores } from './servers.js';

export const KEYS = 100;
const CREATED_AT_ONCE = 16;
const PREPARATION_MS = 60_000;

/** Whoever answers requests: where to ask, and whose processor time counts. */
export interface Contestant {
  readonly name: string;
  readonly part: Part;
  /** Further processes that the answers need. */
  readonly behind?: readonly Pick<Victim, 'pid'>[];
  readonly target: Pick<LoadJob, 'url' | 'path' | 'headers'>;
}

export interface Contest {
  readonly load: Part;
  /** The least that an HTTP server can do: what the load generator can ask for. */
  readonly limit: Contestant;
  readonly bare: Contestant;
  readonly guarded: Contestant;
  readonly peer: Contestant;
  /** What a team would write by hand; only where PostgreSQL is installed. */
  readonly baseline: Contestant | undefined;
  readonly deployment: Deployment;
  readonly client: Client;
  readonly session: Session;
  readonly keys: readonly IssuedKey[];
}

type Session = Readonly<Record<string, string>>;

/** Starts all that are measured against each other. While one of them is asked, the others idle. */
export async function openContest(running: Running): Promise<Contest> {
  const deployment = await running.start(() => deploy({ apis: 1, ...asOperated }));
  const { api, url } = onlyApi(deployment);
  const client = await openClient(running, url);
  const session = await client.signUp();
  const keys = await createKeys(client, session, KEYS);
  const headers = keys.map(({ apiKey }) => bearer(apiKey));
  const me = await client.request('GET', '/v1/me', { headers: headers[0] ?? {} });
  const BENCH_BODY = JSON.stringify(me.body);
  const stores = { EVENTSTOREDB_URL: deployment.eventStoreUrl, MONGODB_URL: deployment.mongoUrl };

  const { part: load } = await startOwn(running, 'load-process');
  running.signal.addEventListener('abort', () => void load.stop());
  const limit = await startOwn(running, 'limit-server', { BENCH_BODY });
  const bare = await startOwn(running, 'bare-server', { ...asOperated.env, ...stores, BENCH_BODY });
  // In a process in which somebody signed up once, every promise costs more; so in this one, too.
  await (await openClient(running, bare.url)).signUp();
  const peerStores = await startStores(running);
  const peer = await startOwn(running, 'peer-server', { MONGODB_URL: peerStores.mongoUrl });
  const issued = (await peer.part.ask({ keys: KEYS }, PREPARATION_MS)) as readonly string[];
  const baseline = await openBaseline(running);
  return {
    ...{ load, deployment, client, session, keys },
    limit: { name: 'limit', part: limit.part, target: { url: limit.url, path: '/', headers } },
    bare: { name: 'bare', part: bare.part, target: { url: bare.url, path: '/v1/bare', headers } },
    guarded: {
      ...{
        name: 'guarded',
        part: api,
        behind: [deployment.projector, ...deployment.stores.processes],
      },
      target: { url, path: '/v1/me', headers },
    },
    peer: {
      ...{ name: 'peer', part: peer.part, behind: [peerStores.part] },
      target: { url: peer.url, path: '/v1/me', headers: issued.map(bearer) },
    },
    baseline,
  };
}

async function openBaseline(running: Running): Promise<Contestant | undefined> {
  const postgres = await startPostgres(running);
  if (!postgres) return undefined;
  const { part, url } = await startOwn(running, 'baseline-server', { POSTGRES_URL: postgres.url });
  const issued = (await part.ask({ keys: KEYS }, PREPARATION_MS)) as readonly string[];
  const target = { url, path: '/v1/me', headers: issued.map(bearer) };
  return { name: 'baseline', part, behind: [postgres], target };
}

export function onlyApi({ apis, urls }: Pick<Deployment, 'apis' | 'urls'>): {
  readonly api: Part;
  readonly url: string;
} {
  const [[api], [url]] = [apis, urls];
  if (!api || url === undefined) throw new Error('The deployment has no api');
  return { api, url };
}

export async function openClient(running: Running, url: string): Promise<Client> {
  const client = new Client(url);
  await running.start(() => Promise.resolve({ stop: () => client.close() }));
  return client;
}

export async function createKeys(
  client: Client,
  session: Session,
  count: number,
): Promise<IssuedKey[]> {
  const keys: IssuedKey[] = [];
  while (keys.length < count) {
    const group = Math.min(CREATED_AT_ONCE, count - keys.length);
    const create = (): Promise<IssuedKey> => client.createKey(session, 'Under load');
    keys.push(...(await Promise.all(Array.from({ length: group }, create))));
  }
  return keys;
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
