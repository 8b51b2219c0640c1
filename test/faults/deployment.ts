import { nodeFlags } from '@keytrail/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';
import { BlackHole } from './black-hole.js';
import { Part } from './part.js';
import type { PartOptions } from './part.js';

export interface Deployment {
  readonly stores: Part;
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

/** The built product as an operator runs it apart: stores, one projector and several api processes. */
export async function deploy({
  apis,
  throughBlackHole = false,
  env = {},
  ...options
}: DeploymentOptions): Promise<Deployment> {
  const dataDir = await mkdtemp(join(tmpdir(), 'keytrail-faults-'));
  const ports = await Promise.all(Array.from({ length: apis + 2 }, freePort));
  const [eventPort = 0, documentPort = 0, ...apiPorts] = ports;
  const wire = throughBlackHole ? await BlackHole.before(eventPort) : undefined;
  // Keep-alives are put off so that no recovery waits for them.
  const eventStoreUrl = `esdb://127.0.0.1:${wire?.port ?? eventPort}?tls=false&keepAliveInterval=600000`;
  const mongoUrl = `mongodb://127.0.0.1:${documentPort}/keytrail?directConnection=true`;
  const urls = { EVENTSTOREDB_URL: eventStoreUrl, MONGODB_URL: mongoUrl };
  const part = (name: keyof typeof nodeFlags, own: Readonly<Record<string, string>>): Part => {
    const execArgv = [...nodeFlags[name], ...(options.execArgv ?? [])];
    return new Part(
      name,
      `apps/${name}/dist/main.js`,
      { ...env, ...own },
      { ...options, execArgv },
    );
  };

  const stores = part('stores', {
    DATA_DIR: dataDir,
    EVENTSTOREDB_PORT: String(eventPort),
    MONGODB_PORT: String(documentPort),
  });
  const projector = part('projector', urls);
  const apiParts = apiPorts.map((port) => part('api', { ...urls, PORT: String(port) }));
  const all = [...apiParts, projector, stores];
  const stop = async (): Promise<void> => {
    for (const running of all) await running.stop();
    await wire?.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await stores.start();
    await Promise.all([projector, ...apiParts].map((one) => one.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    stores,
    projector,
    apis: apiParts,
    urls: apiPorts.map((port) => `http://127.0.0.1:${port}`),
    eventStoreUrl,
    mongoUrl,
    dataDir,
    wire,
    anotherProjector: () => {
      const another = part('projector', urls);
      all.unshift(another);
      return another;
    },
    stop,
  };
}
