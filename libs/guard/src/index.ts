export { BearerKeyGuard } from './bearer-key.guard.js';
export { BearerKeyModule } from './bearer-key.module.js';
export type { BearerKeyOptions } from './bearer-key.options.js';
export { CurrentKey } from './current-key.decorator.js';
export type { VerifiedKey } from './key-verifier.js';
