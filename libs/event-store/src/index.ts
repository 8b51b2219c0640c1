export type { Appended, AppendOptions, Revision } from './appender.js';
export type { NewEvent } from './codec.js';
export * from './command-handling.js';
export * from './errors.js';
export * from './event-log.js';
export { followStreams, type FollowOptions } from './follow.js';
export type { LogIdentity } from './identity.js';
export * from './position.js';
export * from './process-stream.js';
export * from './recorded-event.js';
export * from './stray-rejections.js';
export { historyOf, type StreamHistory } from './stream-history.js';
export {
  BEGINNING,
  type EventBatch,
  type SubscriptionOptions,
  subscribeToEvents,
} from './subscription.js';
