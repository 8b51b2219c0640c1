import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Work } from '../../http/capacity.js';
import { CapacityInterceptor, WORK } from './capacity.interceptor.js';
import type { Identity, PersonIdentity, SignedInPerson } from './identity.js';

/**
 * Who may call a route:
 * - `public`: anybody;
 * - `read`: a member of the account, or a bearer key of it;
 * - `person`: a signed-in person, whatever the account, also one who is in none;
 * - `member`: a signed-in member of the account;
 * - `owner`: a signed-in owner of the account;
 * - `key`: a bearer key of the account.
 */
export type Permission = 'public' | 'read' | 'person' | 'member' | 'owner' | 'key';

export const PERMISSION = 'keytrail:permission';
/** The name of the permission in the OpenAPI document, whose refusals are described from it. */
export const PERMISSION_EXTENSION = 'x-permission';

/**
 * Declares who may call a route. A route without this declaration is closed.
 *
 * @param work what its requests take, of which there are limits: by default reads or changes, as their
 *   method says, and nothing for `public` ones; `guarded` for a route that takes no more than its guard
 */
export function Access(permission: Permission, work?: Work | 'guarded'): MethodDecorator {
  const documented = {
    public: [],
    read: [ApiBearerAuth(), ApiCookieAuth()],
    person: [ApiCookieAuth()],
    member: [ApiCookieAuth()],
    owner: [ApiCookieAuth()],
    key: [ApiBearerAuth()],
  } satisfies Record<Permission, (ClassDecorator & MethodDecorator)[]>;
  const isLimited = work === undefined ? permission !== 'public' : work !== 'guarded';
  const limited = isLimited ? [UseInterceptors(CapacityInterceptor), SetMetadata(WORK, work)] : [];
  return applyDecorators(
    ...limited,
    SetMetadata(PERMISSION, permission),
    ApiExtension(PERMISSION_EXTENSION, permission),
    ...documented[permission],
  );
}

declare module 'fastify' {
  interface FastifyRequest {
    identity?: Identity;
    person?: SignedInPerson;
  }
}

/** The identity that the guard established. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const { identity } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!identity) throw new Error('A handler asked for the caller of a public route');
  return identity;
});

/** The person who calls a route whose permission is `owner` or `member`. */
export const Member = createParamDecorator(
  (_: unknown, context: ExecutionContext): PersonIdentity => {
    const { identity } = context.switchToHttp().getRequest<FastifyRequest>();
    if (identity?.kind === 'person') return identity;
    throw new Error('A handler asked for the member of a route that is not for members');
  },
);

/** The signed-in person of a route whose permission is `person`. */
export const Person = createParamDecorator(
  (_: unknown, context: ExecutionContext): SignedInPerson => {
    const { person } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!person) throw new Error('A handler asked for the person of a route for accounts');
    return person;
  },
);
