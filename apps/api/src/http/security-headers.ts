import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

/** No inline script, no third party, no frame; the pages need nothing else. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/** The readable API docs come from a library that styles its page inline. */
const DOCS_PATH = /^\/docs(\/|$)/;
const DOCS_CONTENT_SECURITY_POLICY = {
  ...CONTENT_SECURITY_POLICY,
  styleSrc: ["'self'", "'unsafe-inline'"],
};

/** Answers hold keys, links and sessions; one that may be kept says so itself. */
const NOT_KEPT = { 'cache-control': 'no-store' };

/** Adds helmet's headers to every answer. They are always the same, so helmet is asked once. */
export function addSecurityHeaders(server: FastifyInstance): void {
  const everywhere = { ...securityHeaders(CONTENT_SECURITY_POLICY), ...NOT_KEPT };
  const onDocs = securityHeaders(DOCS_CONTENT_SECURITY_POLICY);
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(DOCS_PATH.test(request.url) ? onDocs : everywhere);
    done();
  });
}

function securityHeaders(directives: Record<string, string[]>): Record<string, string> {
  const headers: Record<string, string> = {};
  const recorder = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  const ask = helmet({ contentSecurityPolicy: { useDefaults: false, directives } });
  ask({} as never, recorder as never, (error) => {
    if (error instanceof Error) throw error;
  });
  return headers;
}
