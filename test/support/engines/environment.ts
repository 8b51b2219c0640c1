/** What somebody who runs the tests has set, or '' for the embedded stores. */
const variable = (name: string): string => process.env[name] ?? '';

/** A running server that tests share. */
export const sharedEventStoreUrl = (): string => variable('EVENTSTOREDB_URL');

/** Runs one node in the foreground; called with a data directory and a port of 127.0.0.1. */
export const nodeCommand = (): string => variable('EVENTSTOREDB_COMMAND');

export const sharedMongoUrl = (): string => variable('MONGODB_URL');

/** Whether tests are to meet a real event store, shared or of their own. */
export const hasRealEventStore = (): boolean => sharedEventStoreUrl() + nodeCommand() !== '';

/** Whether any of the stores is not to be an embedded one. */
export const hasRealStores = (): boolean => hasRealEventStore() || sharedMongoUrl() !== '';
