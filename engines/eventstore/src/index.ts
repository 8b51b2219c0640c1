export { startEmbeddedEventStore } from './server.js';
export type { Access } from './access.js';
export type { EmbeddedEventStore, EmbeddedEventStoreOptions, EventStoreNode } from './server.js';
export type { FollowerPlay, Plays } from './plays.js';
