import type { GrpcFault } from './grpc-errors.js';
import type { Node } from './node.js';
import type { ResponseStream } from './response-stream.js';

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
