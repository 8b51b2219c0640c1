import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { onlyFor, type Access } from './access.js';
import { readAppendRequest, readBatchAppendRequest } from './append-requests.js';
import type { Socket } from 'node:net';
import { appendHandler } from './append-service.js';
import { batchAppendHandler } from './batch-append-service.js';
import { deleteHandler, tombstoneHandler } from './delete-service.js';
import { gossipHandler, supportedMethodsHandler, type Member } from './information-services.js';
import { Listener } from './listener.js';
import type { Node } from './node.js';
import { pipelining } from './pipelined-call.js';
import { readHandler } from './read-service.js';
import { addRefusingServices, REFUSED_SERVICES } from './refusing-services.js';

/** Single messages larger than the append limit must arrive to be refused properly. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

const verbatim = (message: Buffer): Buffer => message;
/** The protocol's services, with the messages of the hot paths handed over as bytes. */
const STREAMS_SERVICE = {
  ...streams.StreamsService,
  read: { ...streams.StreamsService.read, responseSerialize: verbatim },
  append: {
    ...streams.StreamsService.append,
    requestDeserialize: readAppendRequest,
    responseSerialize: verbatim,
  },
  batchAppend: {
    ...streams.StreamsService.batchAppend,
    requestDeserialize: readBatchAppendRequest,
    responseSerialize: verbatim,
  },
};

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Ends all calls with UNAVAILABLE. */
  close(): Promise<void>;
}

interface EndpointOptions {
  /** Address to listen on. */
  readonly host: string;
  /** By which clients reach it. */
  readonly name: string;
  readonly port: number;
  readonly access: Access | undefined;
}

/** Serves one node. @throws Error when the port is taken. */
export async function serveNode(
  node: Node,
  members: () => readonly Member[],
  { host, name, port, access }: EndpointOptions,
): Promise<Endpoint> {
  const server = createServer(node, members, access);
  // TLS ends before it, at the listener.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const accept = (socket: Socket): void => {
    injector.injectConnection(socket);
  };
  const listener = await Listener.open(host, port, accept, access);
  return {
    host: name,
    port: listener.port,
    close: async () => {
      await listener.close();
      server.forceShutdown();
    },
  };
}

function createServer(
  node: Node,
  members: () => readonly Member[],
  access: Access | undefined,
): Server {
  const server = new Server({
    interceptors: [...(access ? [onlyFor(access)] : []), pipelining],
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
  });
  server.addService(STREAMS_SERVICE, {
    read: readHandler(node),
    append: appendHandler(node),
    batchAppend: batchAppendHandler(node),
    delete: deleteHandler(node),
    tombstone: tombstoneHandler(node),
  });
  server.addService(gossip.GossipService, { read: gossipHandler(members) });
  server.addService(features.ServerFeaturesService, {
    getSupportedMethods: supportedMethodsHandler([
      streams.StreamsService,
      gossip.GossipService,
      features.ServerFeaturesService,
      ...REFUSED_SERVICES,
    ]),
  });
  addRefusingServices(server);
  return server;
}
