import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DeclaredQueries } from './declared-queries.js';
import { badInput } from './problem.js';
import { unknownFields } from './unknown-fields.js';

/** A query has no pipe on routes that take none; without this, misspelt filters would pass there. */
@Injectable()
export class UndeclaredQueryGuard implements CanActivate {
  constructor(private readonly declared: DeclaredQueries) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!request.routeOptions.url?.startsWith('/v1/') || !request.url.includes('?')) return true;
    const names = Object.keys(request.query as object);
    if (names.length > 0 && !this.declared.takesQuery(request))
      throw badInput(unknownFields(names));
    return true;
  }
}
