import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { PERMISSION } from '../permission/access.decorator.js';
import type { Permission } from '../permission/access.decorator.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import { closed, insufficientRole, keyRequired, sessionRequired } from '../permission/forbidden.js';
import type { Identity, SignedInPerson } from '../permission/identity.js';
import { SessionAuthenticator } from './session-authenticator.js';
import { unauthorized } from '../permission/unauthorized.js';

/** The one guard of all routes: finds out who calls, then whether the route lets them in. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly bearer: BearerAuthenticator,
    private readonly sessions: SessionAuthenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (permission === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (permission === 'person') {
      request.person = await this.identifyPerson(request);
      return true;
    }
    const identity = await this.identify(request);
    checkPermission(permission, identity);
    request.identity = identity;
    return true;
  }

  private async identify(request: FastifyRequest): Promise<Identity> {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.bearer.authenticate(request, authorization);
    const person = await this.sessions.authenticate(request);
    if (person === null) throw unauthorized('missing_credentials');
    return person;
  }

  private async identifyPerson(request: FastifyRequest): Promise<SignedInPerson> {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      await this.bearer.authenticate(request, authorization);
      throw sessionRequired();
    }
    const person = await this.sessions.findPerson(request);
    if (person === null) throw unauthorized('missing_credentials');
    return person;
  }
}

/** @throws Problem 403; a route that declares nothing is closed to everybody */
function checkPermission(
  permission: Exclude<Permission, 'public' | 'person'> | undefined,
  identity: Identity,
): void {
  switch (permission) {
    case 'read':
      return;
    case 'member':
      if (identity.kind === 'key') throw sessionRequired();
      return;
    case 'owner':
      if (identity.kind === 'key') throw sessionRequired();
      if (identity.role !== 'owner') throw insufficientRole();
      return;
    case 'key':
      if (identity.kind !== 'key') throw keyRequired();
      return;
    default:
      throw closed();
  }
}
