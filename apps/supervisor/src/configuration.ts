import {
  ApiSettings,
  ConfigurationError,
  EmbeddedStoresSettings,
  loadConfig,
  SupervisorSettings,
} from '@keytrail/platform';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Configuration {
  readonly supervisor: SupervisorSettings;
  readonly api: ApiSettings;
  /** Undefined when Keytrail is to start its own. */
  readonly engines: { readonly eventStoreUrl: string; readonly mongoUrl: string } | undefined;
  /** Where the operator wants to find the embedded stores. */
  readonly storePorts: Readonly<Record<'EVENTSTOREDB_PORT' | 'MONGODB_PORT', string | undefined>>;
  /** What the operator wants for their password, which is drawn otherwise. */
  readonly storesPassword: string | undefined;
}

/** Stand in for the addresses of the embedded stores, which are not known before these run. */
const embedded = { EVENTSTOREDB_URL: 'esdb://embedded', MONGODB_URL: 'mongodb://embedded' };

/**
 * Reads what the supervisor and every part is told, so that all faults are listed before anything
 * is started and not part by part.
 *
 * @throws ConfigurationError with every fault at once
 */
export function readConfiguration(env: Environment = process.env): Configuration {
  const faults = new Set<string>();
  const read = <Config extends object>(shape: new () => Config, from: Environment): Config => {
    try {
      return loadConfig(shape, from);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      for (const fault of error.faults) faults.add(fault);
      return new shape();
    }
  };
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const supervisor = read(SupervisorSettings, given);
  const api = read(ApiSettings, { ...embedded, ...given });
  const { EVENTSTOREDB_URL: eventStoreUrl, MONGODB_URL: mongoUrl } = given;
  if ((eventStoreUrl === undefined) !== (mongoUrl === undefined)) {
    faults.add('EVENTSTOREDB_URL and MONGODB_URL must be set both, or neither for embedded stores');
  }
  if (!eventStoreUrl) read(EmbeddedStoresSettings, given);
  if (faults.size > 0) throw new ConfigurationError([...faults]);
  const engines = eventStoreUrl && mongoUrl ? { eventStoreUrl, mongoUrl } : undefined;
  const { EVENTSTOREDB_PORT, MONGODB_PORT, STORES_PASSWORD: storesPassword } = given;
  const storePorts = { EVENTSTOREDB_PORT, MONGODB_PORT };
  return { supervisor, api, engines, storePorts, storesPassword };
}
