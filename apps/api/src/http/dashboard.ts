import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pathOf } from './request-context.js';
import { sendProblem } from './send-problem.js';
import { notFoundHere } from './to-problem.js';

const files = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url));
const PROGRAMS_ONLY = /^\/(v1|api|assets|healthz|metrics|openapi\.json)(\/|$)/;
const FOREVER_S = 365 * 24 * 60 * 60;

/** Serves the pages at `/`. Every address that is not the API's is one of the pages' own. */
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
    if (!PROGRAMS_ONLY.test(pathOf(request))) return reply.sendFile('index.html');
    sendProblem(notFoundHere(), request, reply);
    return reply;
  });
}
