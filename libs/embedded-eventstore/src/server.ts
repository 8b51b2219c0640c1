import { join } from 'node:path';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { openDurableStore } from '@keytrail/embedded-storage';
import { readAppendRequest, readBatchAppendRequest } from './append-requests.js';
import { appendHandler } from './append-service.js';
import { Appender } from './appender.js';
import { batchAppendHandler } from './batch-append-service.js';
import { CommitSignal } from './commit-signal.js';
import { deleteHandler, tombstoneHandler } from './delete-service.js';
import { EventLog } from './event-log.js';
import { gossipHandler, supportedMethodsHandler } from './information-services.js';
import { pipelining } from './pipelined-call.js';
import { readHandler } from './read-service.js';

export interface EmbeddedEventStoreOptions {
  /** Directory of the log; created when missing. One process at a time may use it. */
  readonly dataDir: string;
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Called once when the log can no longer be written durably; the process should then exit. */
  readonly onFatal?: (error: unknown) => void;
}

export interface EmbeddedEventStore {
  readonly port: number;
  /** Connection string for EventStoreDB clients. */
  readonly url: string;
  /** Ends all calls and subscriptions, then closes the log. */
  close(): Promise<void>;
}

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

/**
 * Starts a server for the EventStoreDB gRPC protocol on top of an embedded log. An append is answered
 * only when it is on disk. What is not served is answered with UNIMPLEMENTED.
 * @throws Error when the port is taken or the directory cannot be used.
 */
export async function startEmbeddedEventStore(
  options: EmbeddedEventStoreOptions,
): Promise<EmbeddedEventStore> {
  const host = options.host ?? '127.0.0.1';
  const store = openDurableStore({
    path: join(options.dataDir),
    onFatal: options.onFatal ?? throwLater,
  });
  const log = new EventLog(store);
  const signal = new CommitSignal();
  const server = createServer(log, new Appender(store, log, signal), signal, () => ({
    address: host,
    port,
  }));
  const port = await bind(server, host, options.port).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  return {
    port,
    url: `esdb://${host}:${port}?tls=false`,
    close: async () => {
      server.forceShutdown();
      await store.close();
    },
  };
}

function createServer(
  log: EventLog,
  appender: Appender,
  signal: CommitSignal,
  endPoint: () => { address: string; port: number },
): Server {
  const server = new Server({
    interceptors: [pipelining],
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
  });
  server.addService(STREAMS_SERVICE, {
    read: readHandler(log, signal),
    append: appendHandler(appender),
    batchAppend: batchAppendHandler(appender),
    delete: deleteHandler(appender),
    tombstone: tombstoneHandler(appender),
  });
  server.addService(gossip.GossipService, { read: gossipHandler(endPoint) });
  server.addService(features.ServerFeaturesService, {
    getSupportedMethods: supportedMethodsHandler([
      streams.StreamsService,
      gossip.GossipService,
      features.ServerFeaturesService,
    ]),
  });
  return server;
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
}

/** Without a handler a failed store ends the process by an uncaught exception. */
function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
