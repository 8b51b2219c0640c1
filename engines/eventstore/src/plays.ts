import type { Metadata } from '@grpc/grpc-js';
import { notLeaderError, type GrpcFault } from './grpc-errors.js';

/** A node of which another one is the leader. */
export interface FollowerPlay {
  /** The newest events that it does not know yet. */
  readonly behindEvents?: number;
  /** Events younger than this are not known yet either. */
  readonly behindMs?: number;
  /** Named to calls that need the leader; without it they are told that none is known. */
  readonly leader?: { readonly host: string; readonly port: number };
}

/** What a node plays for a test; left out, it is a healthy leader that follows 24.10.14. */
export interface Plays {
  readonly follower?: FollowerPlay;
  /** How far its clock is ahead: for deadlines of batch appends, and the time events are created. */
  readonly clockOffsetMs?: number;
  /** Checkpoints of filtered subscriptions: none at all, or as up to 24.10.4. */
  readonly checkpoints?: 'none' | '24.10.4';
  /** Reads of a stream end after so many events as if it had no more. */
  readonly endReadsAfter?: number;
}

/** The part that one node plays; it may change while the node runs. */
export class Role {
  plays: Plays;

  constructor(plays: Plays = {}) {
    this.plays = plays;
  }

  now(): number {
    return Date.now() + (this.plays.clockOffsetMs ?? 0);
  }

  /** Why a call is sent elsewhere, if it needs the leader and this node is none. */
  refusal(metadata: Metadata): GrpcFault | undefined {
    const { follower } = this.plays;
    if (!follower) return undefined;
    const [needsLeader] = metadata.get('requires-leader');
    return needsLeader === 'true' ? notLeaderError(follower.leader) : undefined;
  }
}
