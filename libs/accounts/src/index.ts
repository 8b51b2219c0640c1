export * from './account-events.js';
export * from './decider.js';
