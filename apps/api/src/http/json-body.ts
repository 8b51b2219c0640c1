import type { FastifyInstance } from 'fastify';
import { limits } from './limits.js';
import { badInput } from './problem.js';
import { unsupportedMediaType } from './to-problem.js';
import { decodeUtf8 } from './wire-text.js';

const MOST_LEVELS = limits.arrival.bodyLevels;

/** Bodies are JSON in UTF-8, whole and without keys that reach prototypes; an empty body is none. */
export function acceptJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    const coding = request.headers['content-encoding'] ?? 'identity';
    const text = coding === 'identity' ? decodeUtf8(body as Buffer) : null;
    if (text === null) {
      done(coding === 'identity' ? notUtf8() : unsupportedMediaType());
      return;
    }
    void parse(request, text, (error: Error | null, value?: unknown) => {
      done(error ?? depthFault(value), value);
    });
  });
}

/** Read anyhow, it would be another text than was sent, for good. */
const notUtf8 = (): Error => badInput([{ field: 'body', message: 'must be text in UTF-8' }]);

const depthFault = (body: unknown): Error | null =>
  isDeeper(body, MOST_LEVELS)
    ? badInput([{ field: 'body', message: `must not be nested deeper than ${MOST_LEVELS} levels` }])
    : null;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));
