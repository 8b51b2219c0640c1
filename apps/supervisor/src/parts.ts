import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort, nodeFlags, StartError, type Logger } from '@keytrail/platform';
import type { Configuration } from './configuration.js';
import { Part, type ReadyMessage } from './part.js';

type Name = 'stores' | 'projector' | 'api';

const folders: Readonly<Record<Name, string>> = {
  stores: 'engines/process',
  projector: 'apps/projector',
  api: 'apps/api',
};

const SECRETS_OF_THE_API = ['AUTH_SECRET', 'SMTP_URL'];

const programOf = (name: Name): string =>
  fileURLToPath(new URL(`../../../${folders[name]}/dist/main.js`, import.meta.url));

/** All parts of one Keytrail, in the order in which they depend on each other. */
export class Parts {
  /** What the parts said when they were ready: a part that is started again gets the same ports. */
  private readonly variables: Record<string, string> = {};
  private readonly stores: Part | undefined;
  private readonly projector: Part;
  private readonly api: Part;

  constructor(
    private readonly configuration: Configuration,
    private readonly logger: Logger,
  ) {
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
      this.logger.info(addresses, 'embedded stores are ready');
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
    const env = (): Record<string, string> => this.variables;
    const withheld = name === 'api' ? [] : SECRETS_OF_THE_API;
    return new Part({ name, program, execArgv, env, withheld, logger: this.logger });
  }
}

interface StoresReady {
  readonly eventStore: { readonly port: number; readonly url: string };
  readonly mongo: { readonly port: number; readonly url: string };
}

function addressesOf(message: ReadyMessage): Record<string, string> {
  const { eventStore, mongo } = message as ReadyMessage & StoresReady;
  return {
    EVENTSTOREDB_PORT: String(eventStore.port),
    EVENTSTOREDB_URL: eventStore.url,
    MONGODB_PORT: String(mongo.port),
    MONGODB_URL: mongo.url,
  };
}
