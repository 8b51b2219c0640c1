export type { NewEvent } from './codec.js';
export * from './command-handling.js';
export * from './errors.js';
export * from './event-log.js';
export * from './position.js';
export * from './process-stream.js';
export * from './recorded-event.js';
export * from './streams.js';
export * from './subscription.js';
