import { redact } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import type { FastifyInstance } from 'fastify';
import { pathOf } from './request-context.js';

/** One line per request, with the id of the key that made it and never the key. */
export function logRequests(server: FastifyInstance, logger: Logger): void {
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    request.log = logger;
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { identity } = request;
    logger.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? redact(pathOf(request)),
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 100) / 100,
        ...(identity && { accountId: identity.accountId }),
        ...(identity?.kind === 'key' && { keyId: identity.keyId }),
      },
      'request',
    );
    done();
  });
}
