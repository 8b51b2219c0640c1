import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { badInput } from './problem.js';
import { unknownFields } from './unknown-fields.js';

/** A query has no pipe on routes that take none; without this, misspelt filters would pass there. */
@Injectable()
export class UndeclaredQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!request.routeOptions.url?.startsWith('/v1/') || !request.url.includes('?')) return true;
    if (!takesQuery(context)) {
      const names = Object.keys(request.query as object);
      if (names.length > 0) throw badInput(unknownFields(names));
    }
    return true;
  }
}

/** What Nest itself notes of a handler's parameters: `<kind>:<index>` for each. */
function takesQuery(context: ExecutionContext): boolean {
  const parameters = (Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  ) ?? {}) as Readonly<Record<string, unknown>>;
  return Object.keys(parameters).some((name) => name.startsWith(`${RouteParamtypes.QUERY}:`));
}
