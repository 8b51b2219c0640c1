import { redact } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.js';
import { FailureLog } from './failure-log.js';
import { pathOf } from './request-context.js';

/** One line and one measurement per request, with the id of the key that made it and never the key. */
export function observeRequests(server: FastifyInstance, logger: Logger, metrics: Metrics): void {
  server.decorate('failures', new FailureLog(logger));
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    request.log = logger;
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { identity, method } = request;
    const status = reply.statusCode;
    const route = request.routeOptions.url;
    metrics.requests.observe({ method, route: route ?? 'none', status }, reply.elapsedTime / 1_000);
    logger.info(
      {
        requestId: request.id,
        method,
        route: route ?? redact(pathOf(request)),
        status,
        durationMs: Math.round(reply.elapsedTime * 100) / 100,
        ...(identity && { accountId: identity.accountId }),
        ...(identity?.kind === 'key' && { keyId: identity.keyId }),
      },
      'request',
    );
    done();
  });
}
