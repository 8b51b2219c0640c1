export { openDurableStore, STORE_FAILED, StoreFailedError } from './durable-store.js';
export type { DurableStore, DurableStoreOptions } from './durable-store.js';
