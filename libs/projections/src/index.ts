export type { ClientSession, Db, MongoClient } from 'mongodb';
export { adoptPlaces } from './adopt-places.js';
export { compareGenerations, type Digests } from './digest.js';
export * from './errors.js';
export { type EventSource, isOfLog } from './event-source.js';
export { type Neighbours, neighbours } from './neighbours.js';
export { newestOnly } from './newest-only.js';
export * from './operation.js';
export { pacing } from './pacing.js';
export { type ProjectorOptions, runProjector } from './projector.js';
export * from './read-model.js';
export * from './read-models.js';
export { recoverModels } from './recover.js';
export {
  entryId,
  entryOf,
  progressOf,
  progressOfModel,
  type Registry,
  type RegistryEntry,
  type UnappliedEvent,
} from './registry.js';
export { countUnapplied, findUnapplied } from './unapplied.js';
export * from './rebuild.js';
export { findOutdatedModels, setUpReadModels } from './set-up.js';
export type { ReadView } from './view.js';
export type { WaitOptions } from './view-source.js';
export * from './wait-for-position.js';
export { write } from './write.js';
