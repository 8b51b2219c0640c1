import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { createHash, timingSafeEqual } from 'node:crypto';
import { accessDenied, unauthenticated, type GrpcFault } from './grpc-errors.js';

/**
 * How a server is closed to all but its one user, who may do everything. Clients send a password over TLS
 * only, hence the certificate.
 */
export interface Access {
  readonly user: string;
  readonly password: string;
  /** PEM; good for the name by which clients reach the server. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  /** Where clients find the certificate, which they are to trust. */
  readonly certificateFile: string;
}

/** What clients ask before they know to whom: which methods there are, and where the leader is. */
const OPEN: ReadonlySet<string> = new Set([
  features.ServerFeaturesService.getSupportedMethods.path,
  gossip.GossipService.read.path,
]);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Refuses each call that does not carry the user's name and password. */
export function onlyFor({ user, password }: Access): ServerInterceptor {
  const expected = digest(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
  const faultOf = (metadata: Metadata): GrpcFault | undefined => {
    const [given] = metadata.get('authorization');
    if (given === undefined) return accessDenied();
    return timingSafeEqual(digest(given.toString()), expected) ? undefined : unauthenticated();
  };
  return ({ path }, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, accept) => {
            const fault = OPEN.has(path) ? undefined : faultOf(metadata);
            if (fault === undefined) accept(metadata);
            else call.sendStatus(fault);
          },
        });
      },
    });
}
