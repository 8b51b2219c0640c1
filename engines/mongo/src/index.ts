export { startEmbeddedMongo } from './server.js';
export type { User } from './sessions/sign-in.js';
export type { EmbeddedMongo, EmbeddedMongoOptions } from './server.js';
