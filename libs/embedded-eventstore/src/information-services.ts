import type { sendUnaryData, ServerUnaryCall, ServiceDefinition } from '@grpc/grpc-js';
import cluster from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

/** The release whose protocol is served. */
const SERVER_VERSION = '23.10.0';

/** Answers which methods there are; clients ask this first and then choose how to append. */
export function supportedMethodsHandler(services: readonly ServiceDefinition[]) {
  const methods = services.flatMap((service) =>
    Object.values(service).map(({ path }) => {
      const [, serviceName = '', methodName = ''] = path.split('/');
      const method = new features.SupportedMethod();
      return method.setServiceName(serviceName).setMethodName(methodName.toLowerCase());
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

/** A cluster of one: this server is its leader. */
export function gossipHandler(endPoint: () => { address: string; port: number }) {
  return (
    _call: ServerUnaryCall<shared.Empty, cluster.ClusterInfo>,
    answer: sendUnaryData<cluster.ClusterInfo>,
  ) => {
    const { address, port } = endPoint();
    const member = new cluster.MemberInfo()
      .setInstanceId(new shared.UUID().setString('00000000-0000-0000-0000-000000000001'))
      .setTimeStamp(`${Date.now()}0000`)
      .setState(cluster.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new cluster.EndPoint().setAddress(address).setPort(port));
    answer(null, new cluster.ClusterInfo().setMembersList([member]));
  };
}
