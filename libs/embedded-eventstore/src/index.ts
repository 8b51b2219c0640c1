export { startEmbeddedEventStore } from './server.js';
export type { EmbeddedEventStore, EmbeddedEventStoreOptions } from './server.js';
