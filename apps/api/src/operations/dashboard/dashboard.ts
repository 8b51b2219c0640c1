import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pathOf } from '../../http/request-context.js';
import { sendProblem } from '../../http/send-problem.js';
import { noRouteFor } from '../../http/no-route.js';

const files = fileURLToPath(new URL('../../../../dashboard/dist', import.meta.url));
/** The addresses of the pages, as the dashboard's own router has them. */
const PAGE =
  /^\/$|^\/(sign-in|sign-up|join|usage|transactions|audit|audit\/keys\/[^/]+|events|members|quickstart)\/?$/;
const PROGRAMS_ONLY = /^\/(v1|api|assets|healthz|metrics|openapi\.json)(\/|$)/;
const FOREVER_S = 365 * 24 * 60 * 60;

/**
 * Serves the pages at their addresses. All others are 404, for a probe must not take a page for an
 * answer to its question; a person gets the page that says so and leads back.
 */
export async function serveDashboard(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  if (!existsSync(files)) return;
  await app.register(fastifyStatic, {
    root: files,
    wildcard: false,
    index: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      // The names of built scripts and styles carry a hash of what is in them.
      const hashed = path.includes('/assets/');
      void reply.header(
        'cache-control',
        hashed ? `public, max-age=${FOREVER_S}, immutable` : 'no-cache',
      );
    },
  });
  server.get('/*', (request, reply) => {
    const path = pathOf(request);
    if (PAGE.test(path)) return reply.sendFile('index.html');
    if (!PROGRAMS_ONLY.test(path) && request.headers.accept?.includes('text/html')) {
      return reply.status(404).sendFile('index.html');
    }
    sendProblem(noRouteFor(request), request, reply);
    return reply;
  });
}
