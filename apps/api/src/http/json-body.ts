import type { FastifyInstance } from 'fastify';
import { badInput } from './problem.js';

/** Far more than any body of Keytrail has; what handles bodies calls itself once per level. */
const MOST_LEVELS = 16;

/** Bodies are JSON, whole and without keys that reach prototypes; an empty body is none. */
export function acceptJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    void parse(request, body as string, (error: Error | null, value?: unknown) => {
      done(error ?? depthFault(value), value);
    });
  });
}

const depthFault = (body: unknown): Error | null =>
  isDeeper(body, MOST_LEVELS)
    ? badInput([{ field: 'body', message: `must not be nested deeper than ${MOST_LEVELS} levels` }])
    : null;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));
