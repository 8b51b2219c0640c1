export * from './account-commands.js';
export * from './account-events.js';
export { type AccountState, evolve, initialAccountState } from './account-state.js';
export { decide } from './decider.js';
export type { AccountDecision, AccountRefusal } from './decision.js';
