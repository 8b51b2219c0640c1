export * from './events.js';
export * from './in-memory.js';
export * from './memory-log.js';
export * from './poison.js';
