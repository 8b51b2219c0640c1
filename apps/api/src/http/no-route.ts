import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.js';
import { pathOf } from './request-context.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** By which methods there is something at a path. */
    methodsAt: (path: string) => readonly string[];
  }
}

/** There is nothing at this address. */
export const notFoundHere = (): Problem =>
  new Problem({
    status: 404,
    code: 'not_found',
    detail: 'There is nothing at this address; see /docs for what there is.',
  });

export const methodNotAllowed = (methods: readonly string[]): Problem =>
  new Problem({
    status: 405,
    code: 'method_not_allowed',
    detail: `This address is called with ${methods.join(', ')}.`,
    headers: { allow: methods.join(', ') },
  });

/** Remembers the routes that are added from now on. */
export function rememberRoutes(server: FastifyInstance): void {
  const routes: { readonly methods: readonly string[]; readonly pattern: RegExp }[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    // What is served under a prefix decides on its own.
    if (url.includes('*')) return;
    const pattern = new RegExp(`^${url.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`);
    routes.push({ methods: [method].flat(), pattern });
  });
  server.decorate('methodsAt', (path: string) => {
    const found = routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => methods))].sort();
  });
}

/** Why no route took a request: none has its method, or its address, which may be too long for one. */
export function noRouteFor(request: FastifyRequest): Problem {
  const methods = request.server.methodsAt(pathOf(request));
  const takesMethod = methods.length === 0 || methods.includes(request.method);
  return takesMethod ? notFoundHere() : methodNotAllowed(methods);
}
