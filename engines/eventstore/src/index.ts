export { startEmbeddedEventStore } from './server.js';
export type { EmbeddedEventStore, EmbeddedEventStoreOptions, EventStoreNode } from './server.js';
export type { FollowerPlay, Plays } from './plays.js';
