import type { OpenAPIObject } from '@nestjs/swagger';
import { PERMISSION_EXTENSION } from '../../access/permission/access.decorator.js';
import type { Permission } from '../../access/permission/access.decorator.js';
import {
  insufficientRole,
  keyRequired,
  noAccount,
  sessionRequired,
} from '../../access/permission/forbidden.js';
import { allUnauthorized } from '../../access/permission/unauthorized.js';
import { headersTooLarge, requestTimeout } from '../../http/broken-requests.js';
import { badInput } from '../../http/problem.js';
import type { Problem, ProblemDocument } from '../../http/problem.js';
import { exampleOf, REFUSALS_EXTENSION } from '../../http/refuses.decorator.js';
import {
  bodyTooLarge,
  internalError,
  outages,
  tooManyWaiting,
  unsupportedMediaType,
} from '../../http/to-problem.js';
import { foreignOrigin } from '../../sessions/origin-check.js';
import type { Operation, Paths, Responses } from './document-types.js';
import { problemResponse, problemSchemas } from './problem-response.js';

const invalidRequest = (): Problem =>
  badInput([{ field: 'limit', message: 'must be a whole number from 1 to 100' }]);

/** Answers that are the same wherever there is one with their status. */
const shared: Readonly<Record<string, readonly [name: string, problems: () => Problem[]]>> = {
  400: ['InvalidRequest', () => [invalidRequest()]],
  401: ['Unauthorized', allUnauthorized],
  408: ['RequestTimeout', () => [requestTimeout()]],
  413: ['BodyTooLarge', () => [bodyTooLarge()]],
  415: ['UnsupportedMediaType', () => [unsupportedMediaType()]],
  429: ['TooManyRequests', () => [tooManyWaiting()]],
  431: ['HeadersTooLarge', () => [headersTooLarge()]],
  500: ['InternalError', () => [internalError()]],
  503: ['Unavailable', outages],
};

/** An operation as the decorators leave it, with what they note for this file. */
interface NotedOperation extends Operation {
  readonly [PERMISSION_EXTENSION]?: Permission;
  readonly [REFUSALS_EXTENSION]?: readonly ProblemDocument[];
}

/**
 * Adds to each operation the problems it can answer with: those that follow from its permission, that
 * of an unknown field or parameter, and those that it names itself.
 */
export function describeProblems(document: OpenAPIObject): OpenAPIObject {
  const responses = Object.fromEntries(
    Object.entries(shared).map(([status, [name, problems]]) => [
      name,
      problemResponse(Number(status), problems().map(exampleOf), '/v1/api-keys'),
    ]),
  );
  const schemas = { ...document.components?.schemas, ...problemSchemas };
  const components = { ...document.components, schemas, responses };
  return { ...document, paths: withProblems(document.paths), components };
}

const withProblems = (paths: Paths): Paths =>
  Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [
      path,
      Object.fromEntries(
        Object.entries(item).map(([method, operation]) => [
          method,
          described(method, path, operation as NotedOperation),
        ]),
      ),
    ]),
  );

function described(method: string, path: string, noted: NotedOperation): Operation {
  const {
    [PERMISSION_EXTENSION]: permission = 'public',
    [REFUSALS_EXTENSION]: named = [],
    ...operation
  } = noted;
  const implied = [
    ...(path.startsWith('/v1/') ? [invalidRequest()] : []),
    ...refusedBy(permission, method),
    ...brokenBy(method),
    internalError(),
  ];
  const problems = [...implied.map(exampleOf), ...named];
  return { ...operation, responses: { ...toResponses(problems, path), ...operation.responses } };
}

/** What is answered before a request reaches its route. */
const brokenBy = (method: string): readonly Problem[] => [
  requestTimeout(),
  headersTooLarge(),
  ...(method === 'get' ? [] : [bodyTooLarge(), unsupportedMediaType()]),
];

/** What the guard answers on behalf of a route. */
function refusedBy(permission: Permission, method: string): readonly Problem[] {
  if (permission === 'public') return [];
  const forbidden = {
    read: [noAccount()],
    person: [sessionRequired()],
    member: [noAccount(), sessionRequired()],
    owner: [noAccount(), sessionRequired(), insufficientRole()],
    key: [noAccount(), keyRequired()],
  };
  const ofWrites = method === 'get' ? [] : [foreignOrigin()];
  return [
    ...allUnauthorized(),
    ...forbidden[permission],
    ...ofWrites,
    tooManyWaiting(),
    ...outages(),
  ];
}

function toResponses(problems: readonly ProblemDocument[], path: string): Responses {
  const statuses = [...new Set(problems.map(({ status }) => status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const [name] = shared[status] ?? [];
      const alike = problems.filter((problem) => problem.status === status);
      return [
        String(status),
        name === undefined
          ? problemResponse(status, alike, path)
          : { $ref: `#/components/responses/${name}` },
      ];
    }),
  );
}
