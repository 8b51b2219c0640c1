import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  drawStoresPassword,
  freePort,
  nodeFlags,
  StartError,
  type Logger,
} from '@keytrail/platform';
import type { Configuration } from './configuration.js';
import { Part, type ReadyMessage } from './part.js';

type Name = 'stores' | 'projector' | 'api';

const folders: Readonly<Record<Name, string>> = {
  stores: 'engines/process',
  projector: 'apps/projector',
  api: 'apps/api',
};

/** Which variables a part does not need that hold secrets of others. */
const withheld: Readonly<Record<Name, readonly string[]>> = {
  stores: ['AUTH_SECRET', 'SMTP_URL'],
  projector: ['AUTH_SECRET', 'SMTP_URL', 'STORES_PASSWORD'],
  api: ['STORES_PASSWORD'],
};

const programOf = (name: Name): string =>
  fileURLToPath(new URL(`../../../${folders[name]}/dist/main.js`, import.meta.url));

/** All parts of one Keytrail, in the order in which they depend on each other. */
export class Parts {
  /** What the parts said when they were ready: a part that is started again gets the same ports. */
  private readonly variables: Record<string, string> = {};
  /** The same for all starts of the stores, since the others go on with it. */
  private readonly storesPassword: string;
  private readonly stores: Part | undefined;
  private readonly projector: Part;
  private readonly api: Part;

  constructor(
    private readonly configuration: Configuration,
    private readonly logger: Logger,
  ) {
    this.storesPassword = configuration.storesPassword ?? drawStoresPassword();
    this.stores = configuration.engines ? undefined : this.part('stores');
    this.projector = this.part('projector');
    this.api = this.part('api');
  }

  /**
   * @returns the port on which the api listens
   * @throws PartFailedError
   */
  async start(): Promise<number> {
    const { engines, api, storePorts } = this.configuration;
    if (this.stores) {
      for (const [name, port] of Object.entries(storePorts)) {
        this.variables[name] = port ?? String(await freePort());
      }
      const addresses = addressesOf(await this.stores.start());
      Object.assign(this.variables, addresses);
      const { EVENTSTOREDB_PORT, MONGODB_PORT } = addresses;
      this.logger.info({ EVENTSTOREDB_PORT, MONGODB_PORT }, 'embedded stores are ready');
    } else if (engines) {
      const { eventStoreUrl: EVENTSTOREDB_URL, mongoUrl: MONGODB_URL } = engines;
      Object.assign(this.variables, { EVENTSTOREDB_URL, MONGODB_URL });
    }
    const [ready] = await Promise.all([this.api.start(), this.projector.start()]);
    const port = Number(ready['port'] ?? api.PORT);
    this.variables['PORT'] = String(port);
    return port;
  }

  /** Callers first, then what they depend on, so that no request is cut off half-way. */
  async stop(): Promise<void> {
    await this.api.stop();
    await this.projector.stop();
    await this.stores?.stop();
  }

  kill(): void {
    for (const part of [this.api, this.projector, this.stores]) part?.kill();
  }

  private part(name: Name): Part {
    const program = programOf(name);
    if (!existsSync(program)) throw new StartError('it is not built yet; run npm run build first');
    const execArgv = nodeFlags[name];
    const own = name === 'stores' ? { STORES_PASSWORD: this.storesPassword } : {};
    const env = (): Record<string, string> => ({ ...this.variables, ...own });
    const { logger } = this;
    return new Part({ name, program, execArgv, env, withheld: withheld[name], logger });
  }
}

type Address = `${'EVENTSTOREDB' | 'MONGODB'}_${'PORT' | 'URL'}`;

interface StoresReady {
  readonly eventStore: { readonly port: number; readonly url: string };
  readonly mongo: { readonly port: number; readonly url: string };
}

function addressesOf(message: ReadyMessage): Readonly<Record<Address, string>> {
  const { eventStore, mongo } = message as ReadyMessage & StoresReady;
  return {
    EVENTSTOREDB_PORT: String(eventStore.port),
    EVENTSTOREDB_URL: eventStore.url,
    MONGODB_PORT: String(mongo.port),
    MONGODB_URL: mongo.url,
  };
}
