import { drawStoresPassword, nodeFlags } from '@keytrail/platform';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dropDatabase, newDatabase } from '../support/engines/database.js';
import { nodeCommand, sharedMongoUrl } from '../support/engines/environment.js';
import { OwnNode } from '../support/engines/own-node.js';
import type { Victim } from '../support/engines/victim.js';
import { freePort } from '../support/net/free-port.js';
import { Part } from './part.js';
import type { PartOptions } from './part.js';

export interface Engines {
  /** The process of the event store; with embedded stores also that of the documents. */
  readonly eventStore: Victim;
  readonly stores: Stores;
  readonly eventPort: number;
  /** Connection string for the event store, or for a wire before it, at a port of this machine. */
  readonly eventStoreUrlAt: (port: number) => string;
  readonly mongoUrl: string;
  /** Ends them at last; what they have stored is not needed any more. */
  readonly end: () => Promise<void>;
}

/** All stores of a deployment together: one process when they are embedded, two with a real event store. */
export class Stores {
  constructor(readonly processes: readonly Victim[]) {}

  start = (): Promise<void> => this.each((one) => one.start());
  kill9 = (): Promise<void> => this.each((one) => one.kill9());
  stop = (): Promise<void> => this.each((one) => one.stop());

  get output(): string {
    return this.processes.map(({ output }) => output).join('\n');
  }

  private async each(act: (one: Victim) => Promise<void>): Promise<void> {
    await Promise.all(this.processes.map(act));
  }
}

type Environment = Readonly<Record<string, string>>;

/** The stores of one deployment, not started yet, with their data in a directory of its own. */
export async function enginesIn(
  dataDir: string,
  env: Environment,
  options: PartOptions,
): Promise<Engines> {
  const [eventPort, documentPort] = [await freePort(), await freePort()];
  const password = drawStoresPassword();
  const embeddedUrl = `mongodb://keytrail:${password}@127.0.0.1:${documentPort}/keytrail?directConnection=true&authSource=admin`;
  const settings = {
    ...env,
    DATA_DIR: dataDir,
    EVENTSTOREDB_PORT: String(eventPort),
    MONGODB_PORT: String(documentPort),
    STORES_PASSWORD: password,
  };
  if (nodeCommand() === '') {
    const eventStore = part('stores', 'engines/process/dist/main.js', settings, options);
    const stores = new Stores([eventStore]);
    const authority = encodeURIComponent(join(dataDir, 'eventstore.crt'));
    const eventStoreUrlAt = (port: number): string =>
      `esdb://keytrail:${password}@localhost:${port}?tlsCAFile=${authority}`;
    const mongoUrl = embeddedUrl;
    return { eventStore, stores, eventPort, eventStoreUrlAt, mongoUrl, end: stores.stop };
  }
  const eventStoreUrlAt = (port: number): string => `esdb://127.0.0.1:${port}?tls=false`;
  const eventStore = new OwnNode(join(dataDir, 'events'), eventPort);
  if (sharedMongoUrl() !== '') {
    const mongoUrl = newDatabase(sharedMongoUrl());
    const end = async (): Promise<void> => {
      await eventStore.kill9();
      await dropDatabase(mongoUrl);
    };
    const stores = new Stores([eventStore]);
    return { eventStore, stores, eventPort, eventStoreUrlAt, mongoUrl, end };
  }
  const documents = part('documents', documentStore, settings, {
    ...options,
    execArgv: [...(options.execArgv ?? []), '--import', 'tsx'],
  });
  const stores = new Stores([eventStore, documents]);
  const end = stores.kill9;
  return { eventStore, stores, eventPort, eventStoreUrlAt, mongoUrl: embeddedUrl, end };
}

const documentStore = fileURLToPath(
  new URL('../support/engines/document-store.ts', import.meta.url),
);

function part(name: string, program: string, env: Environment, options: PartOptions): Part {
  const execArgv = [...nodeFlags.stores, ...(options.execArgv ?? [])];
  return new Part(name, program, env, { ...options, execArgv });
}
