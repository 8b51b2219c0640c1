import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { networkOf } from '@keytrail/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, of } from 'rxjs';
import type { Observable } from 'rxjs';
import { Capacity } from '../../http/capacity.js';
import type { Work } from '../../http/capacity.js';
import type { Holder } from '../../http/concurrency-limit.js';
import { isSafe } from '../../http/safe-methods.js';

/** The name of the kind of work that a route declares. */
export const WORK = 'keytrail:work';

/** Lets a request go on within the limits of what it asks for, by key or person, account and process. */
@Injectable()
export class CapacityInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly capacity: Capacity,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const declared = this.reflector.get<Work | undefined>(WORK, context.getHandler());
    const kind = declared ?? (isSafe(request.method) ? 'reads' : 'changes');
    const holder = holderOf(request);
    this.capacity.hold(kind, holder, http.getResponse<FastifyReply>());
    const handle = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    return of(await this.capacity.take<unknown>(kind, holder.account, handle));
  }
}

/** A person without an account stands for one, and so does the network of somebody unknown. */
function holderOf({ identity, person, ip }: FastifyRequest): Holder {
  if (identity) {
    const caller = identity.kind === 'key' ? identity.keyId : identity.userId;
    return { caller, account: identity.accountId };
  }
  const caller = person?.userId ?? networkOf(ip);
  return { caller, account: caller };
}
