import type { FastifyRequest } from 'fastify';
import { DeclaredQueries } from './declared-queries.js';

const parameter = (name: string, place: 'path' | 'query') => ({
  name,
  in: place,
  schema: { type: 'string' as const },
});
const described = (...parameters: ReturnType<typeof parameter>[]) => ({
  parameters,
  responses: {},
});

const paths = {
  '/v1/keys': { get: described(parameter('limit', 'query')), post: described() },
  '/v1/keys/{id}': { get: described(parameter('id', 'path')) },
};

describe('the declared queries', () => {
  let descriptions = 0;
  const declared = new DeclaredQueries();
  declared.readFrom(() => {
    descriptions += 1;
    return { paths };
  });
  const takesQuery = (method: string, url: string): boolean =>
    declared.takesQuery({ method, routeOptions: { url } } as FastifyRequest);

  it.each([
    ['GET', '/v1/keys', true],
    ['HEAD', '/v1/keys', true],
    ['POST', '/v1/keys', false],
    ['GET', '/v1/keys/:id', false],
    ['GET', '/v1/nobody-describes-it', false],
  ])('%s %s: %s', (method, url, expected) => {
    expect(takesQuery(method, url)).toBe(expected);
  });

  it('are read out of the document once', () => {
    takesQuery('GET', '/v1/keys');
    takesQuery('POST', '/v1/keys');
    expect(descriptions).toBe(1);
  });
});
