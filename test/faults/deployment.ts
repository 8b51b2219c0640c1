import { nodeFlags } from '@keytrail/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Victim } from '../support/engines/victim.js';
import { freePort } from '../support/net/free-port.js';
import { BlackHole } from './black-hole.js';
import { Part } from './part.js';
import type { PartOptions } from './part.js';
import { enginesIn } from './stores.js';
import type { Stores } from './stores.js';

export interface Deployment {
  readonly stores: Stores;
  /** The process of the event store; with embedded stores also that of the documents. */
  readonly eventStore: Victim;
  readonly projector: Part;
  readonly apis: readonly Part[];
  /** Where each api answers. */
  readonly urls: readonly string[];
  readonly eventStoreUrl: string;
  readonly mongoUrl: string;
  readonly dataDir: string;
  /** The wire on which everybody reaches the event store, when one was asked for. */
  readonly wire: BlackHole | undefined;
  /** Another projector on the same stores, not started yet; stopped with the deployment. */
  readonly anotherProjector: () => Part;
  readonly stop: () => Promise<void>;
}

interface DeploymentOptions extends PartOptions {
  readonly apis: number;
  /** Puts a wire that can fall silent before the event store. */
  readonly throughBlackHole?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The built product as an operator runs it apart: stores, one projector and several api processes. The log
 * is a new one, of a node of EVENTSTOREDB_COMMAND or of the embedded store.
 */
export async function deploy({
  apis,
  throughBlackHole = false,
  env = {},
  ...options
}: DeploymentOptions): Promise<Deployment> {
  const dataDir = await mkdtemp(join(tmpdir(), 'keytrail-faults-'));
  const apiPorts = await Promise.all(Array.from({ length: apis }, freePort));
  const engines = await enginesIn(dataDir, env, options);
  const { stores, eventStore, eventPort, mongoUrl, end } = engines;
  const wire = throughBlackHole ? await BlackHole.before(eventPort) : undefined;
  // Keep-alives are put off so that no recovery waits for them.
  const eventStoreUrl = `${engines.eventStoreUrlAt(wire?.port ?? eventPort)}&keepAliveInterval=600000`;
  const urls = { EVENTSTOREDB_URL: eventStoreUrl, MONGODB_URL: mongoUrl };
  const part = (name: 'api' | 'projector', own: Readonly<Record<string, string>> = {}): Part => {
    const execArgv = [...nodeFlags[name], ...(options.execArgv ?? [])];
    const settings = { DATA_DIR: dataDir, ...env, ...urls, ...own };
    return new Part(name, `apps/${name}/dist/main.js`, settings, { ...options, execArgv });
  };

  const projector = part('projector');
  const apiParts = apiPorts.map((port) => part('api', { PORT: String(port) }));
  const clients = [...apiParts, projector];
  const stop = async (): Promise<void> => {
    for (const running of clients) await running.stop();
    await wire?.close();
    await end();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await stores.start();
    await Promise.all(clients.map((one) => one.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ stores, eventStore, projector, apis: apiParts },
    urls: apiPorts.map((port) => `http://127.0.0.1:${port}`),
    ...{ eventStoreUrl, mongoUrl, dataDir, wire, stop },
    anotherProjector: () => {
      const another = part('projector');
      clients.unshift(another);
      return another;
    },
  };
}
