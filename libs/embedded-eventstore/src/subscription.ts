import type { GrpcFault } from './grpc-errors.js';
import { runAllSubscription } from './all-subscription.js';
import type { Node } from './node.js';
import type { ReadRequest } from './read-request.js';
import type { ResponseStream } from './response-stream.js';
import { runStreamSubscription } from './stream-subscription.js';

export interface SubscriptionContext {
  readonly node: Node;
  /** Why the log may not be read here, although live events may be sent. */
  readonly notLeader: GrpcFault | undefined;
  readonly responses: ResponseStream;
}

/**
 * A subscriber for whom more than this many live messages wait at once, be it that it is slow or that
 * they came in one append, has fallen behind: it is told again that it has caught up once it has.
 */
export const MAX_WAITING_LIVE_EVENTS = 32;

/**
 * A catch-up subscription: reads from the log as fast as the subscriber takes it and, at the end of
 * the log, waits for the next commit. Live events come from the log too, so that there is no
 * hand-over in which one could be missed or repeated, and no queue that grows for a slow reader.
 * @throws GrpcFault when the subscription cannot go on.
 */
export async function runSubscription(
  context: SubscriptionContext,
  request: ReadRequest,
): Promise<void> {
  const { node, responses } = context;
  const stopListening = node.signal.listen(request.streamName, () => {
    responses.wake();
  });
  try {
    if (request.streamName === undefined) await runAllSubscription(context, request);
    else await runStreamSubscription(context, request);
  } finally {
    stopListening();
  }
}
