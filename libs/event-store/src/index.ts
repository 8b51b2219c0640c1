export * from './position.js';
export * from './recorded-event.js';
