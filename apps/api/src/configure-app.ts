import { uniqueId } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import type { AppDependencies } from './app.module.js';
import { arrivalLimits, refuseBrokenRequests } from './http/broken-requests.js';
import { limitConnections } from './http/connections.js';
import { serveDashboard } from './operations/dashboard/dashboard.js';
import { DeclaredQueries } from './http/declared-queries.js';
import { acceptJson } from './http/json-body.js';
import { limits } from './http/limits.js';
import { badInput } from './http/problem.js';
import { sendProblem } from './http/send-problem.js';
import { notFoundHere, rememberRoutes } from './http/no-route.js';
import { Metrics } from './http/metrics.js';
import { observeRequests } from './http/request-log.js';
import { addSecurityHeaders } from './http/security-headers.js';
import { trustProxy } from './http/trust-proxy.js';
import { createOpenApi, serveOpenApi } from './operations/openapi/openapi.js';

/** The whole application, ready to listen: the same for the process and for the tests. */
export async function createApp(dependencies: AppDependencies): Promise<NestFastifyApplication> {
  const { settings, logger } = dependencies;
  const adapter = new FastifyAdapter({
    bodyLimit: limits.arrival.bodyBytes,
    trustProxy: trustProxy(settings.TRUST_PROXY),
    genReqId: uniqueId,
    requestIdHeader: false,
    logger: false,
    // Keep-alive connections without a request would hold up a stop.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseBrokenRequests(logger),
    ...arrivalLimits,
  });
  const module = AppModule.forRoot(dependencies);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLogger(logger),
  });
  prepareServer(app, dependencies);
  serveOpenApi(app);
  app.get(DeclaredQueries).readFrom(() => createOpenApi(app));
  await serveDashboard(app);
  await app.init();
  return app;
}

function prepareServer(app: NestFastifyApplication, { logger, settings }: AppDependencies): void {
  const server = app.getHttpAdapter().getInstance();
  rememberRoutes(server);
  acceptJson(server);
  observeRequests(server, logger, app.get(Metrics));
  addSecurityHeaders(server);
  limitConnections(server, {
    inAll: settings.MAX_CONNECTIONS,
    // A proxy holds the connections of everybody.
    perNetwork: settings.TRUST_PROXY === 'false' ? settings.MAX_CONNECTIONS / 2 : Infinity,
  });
}

/** An address that cannot be decoded, or with a part that is too long for anything there is. */
function refuseAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const isBroken = error.code === 'FST_ERR_BAD_URL';
  const fault = badInput([{ field: 'url', message: 'must be a valid address' }]);
  sendProblem(isBroken ? fault : notFoundHere(), request, reply);
}

/** Nest's own messages, in the format of all others. */
const nestLogger = (logger: Logger) => ({
  log: (message: unknown) => {
    logger.debug(String(message));
  },
  warn: (message: unknown) => {
    logger.warn(String(message));
  },
  error: (message: unknown) => {
    logger.error(String(message));
  },
});
