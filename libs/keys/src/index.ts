export * from './decider.js';
export * from './key-encoding.js';
export * from './key-events.js';
export * from './key-format.js';
export * from './key-name.js';
export * from './text.js';
