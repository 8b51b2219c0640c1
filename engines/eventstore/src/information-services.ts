import type { sendUnaryData, ServerUnaryCall, ServiceDefinition } from '@grpc/grpc-js';
import cluster from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

/** The release whose answers are given. */
export const SERVER_VERSION = '24.10.14';

/** What newer clients ask of a method before they use an option of it. */
const FEATURES: readonly (readonly [path: RegExp, features: string[]])[] = [
  [/PersistentSubscriptions/, ['stream', 'all']],
  [/Streams\/Read$/, ['position', 'events']],
  [/Streams\/BatchAppend$/, ['deadline_duration']],
];

/** Answers which methods there are; clients ask this first and then choose how to append. */
export function supportedMethodsHandler(services: readonly ServiceDefinition[]) {
  const methods = services.flatMap((service) =>
    Object.values(service).map(({ path }) => {
      const [, serviceName = '', methodName = ''] = path.split('/');
      const [, list = []] = FEATURES.find(([pattern]) => pattern.test(path)) ?? [];
      return new features.SupportedMethod()
        .setServiceName(serviceName.toLowerCase())
        .setMethodName(methodName.toLowerCase())
        .setFeaturesList(list);
    }),
  );
  const supported = new features.SupportedMethods()
    .setEventStoreServerVersion(SERVER_VERSION)
    .setMethodsList(methods);
  return (
    _call: ServerUnaryCall<shared.Empty, features.SupportedMethods>,
    answer: sendUnaryData<features.SupportedMethods>,
  ) => {
    answer(null, supported);
  };
}

export interface Member {
  readonly host: string;
  readonly port: number;
  readonly isLeader: boolean;
}

/** Who is in the cluster: one node, unless a test plays with more. */
export function gossipHandler(members: () => readonly Member[]) {
  const { FOLLOWER, LEADER } = cluster.MemberInfo.VNodeState;
  return (
    _call: ServerUnaryCall<shared.Empty, cluster.ClusterInfo>,
    answer: sendUnaryData<cluster.ClusterInfo>,
  ) => {
    const list = members().map(({ host, port, isLeader }, index) =>
      new cluster.MemberInfo()
        .setInstanceId(
          new shared.UUID().setString(
            `00000000-0000-0000-0000-${String(index + 1).padStart(12, '0')}`,
          ),
        )
        .setTimeStamp(`${Date.now()}0000`)
        .setState(isLeader ? LEADER : FOLLOWER)
        .setIsAlive(true)
        .setHttpEndPoint(new cluster.EndPoint().setAddress(host).setPort(port)),
    );
    answer(null, new cluster.ClusterInfo().setMembersList(list));
  };
}
