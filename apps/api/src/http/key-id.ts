import { notFound } from './problem.js';

const KEY_ID = /^key_[0-9A-Za-z]{22}$/;

/** The id of a key in an address. One that no key can have is answered as one that no key has. */
export const keyIdPipe = {
  transform(value: unknown): string {
    if (typeof value === 'string' && KEY_ID.test(value)) return value;
    throw notFound('key');
  },
};
