import { runAllSubscription } from './all-subscription.js';
import type { ReadRequest } from './read-request.js';
import type { SubscriptionContext } from './subscription-context.js';
import { runStreamSubscription } from './stream-subscription.js';

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
