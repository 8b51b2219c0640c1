import { redact } from '@keytrail/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noRouteFor } from './no-route.js';
import { pathOf } from './request-context.js';
import { isSafe } from './safe-methods.js';
import { internalError, toProblem } from './to-problem.js';
import type { Outcome } from './to-problem.js';

/** Answers with the problem document of an error; an unexpected one is logged in full, told in short. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = request.is404 ? noRouteFor(request) : toProblem(error, outcomeOf(request));
  const problem = known ?? internalError();
  const { failures } = request.server;
  if (!known) failures.fault(error, request.id);
  else if (known.status >= 500) failures.outage(known.code, error, request.id);
  if (reply.raw.headersSent) {
    // A part of the answer is sent already: only a cut connection can still tell of the fault.
    reply.raw.destroy();
    return;
  }
  void reply
    .status(problem.status)
    .headers(problem.headers)
    .type('application/problem+json; charset=utf-8')
    // The address and the messages about fields may repeat a key that was sent.
    .send(redact(JSON.stringify(problem.toDocument(pathOf(request), request.id))));
}

/** Only people change anything, and only once the guard has let them through. */
function outcomeOf({ method, person, identity }: FastifyRequest): Outcome {
  const letThrough = person !== undefined || identity?.kind === 'person';
  return letThrough && !isSafe(method) ? 'unknown' : 'refused';
}
