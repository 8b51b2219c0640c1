export * from './clock.js';
export * from './config.js';
export * from './gather.js';
export * from './ids.js';
export * from './logger.js';
export * from './redaction.js';
export * from './settings.js';
export * from './shutdown.js';
