import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { VerifiedKey } from './key-verifier.js';

const keys = new WeakMap<object, VerifiedKey>();

/** Remembers with which key a request was let in. */
export const rememberKey = (request: object, key: VerifiedKey): void => {
  keys.set(request, key);
};

/** The key by which `BearerKeyGuard` let the request in: `@CurrentKey() key: VerifiedKey`. */
export const CurrentKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): VerifiedKey => {
    const key = keys.get(context.switchToHttp().getRequest<object>());
    if (!key) throw new Error('A handler asked for the key of a route without BearerKeyGuard');
    return key;
  },
);
