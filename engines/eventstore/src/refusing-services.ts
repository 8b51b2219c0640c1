import monitoring from '@eventstore/db-client/generated/monitoring_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import projections from '@eventstore/db-client/generated/projections_grpc_pb.js';
import users from '@eventstore/db-client/generated/users_grpc_pb.js';
import type { Server, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { refusal } from './grpc-errors.js';

/** Services of EventStoreDB that are refused, and what they are called in the refusal. */
const REFUSED: readonly (readonly [ServiceDefinition, string])[] = [
  [persistent.PersistentSubscriptionsService, 'persistent subscriptions'],
  [projections.ProjectionsService, 'projections'],
  [users.UsersService, 'user management'],
  [operations.OperationsService, 'operations such as scavenges'],
  [monitoring.MonitoringService, 'statistics'],
];

/**
 * Clients look up which methods a server knows before they call it, and where one is missing they
 * blame its version or try HTTP. Known and refused with a sentence, they say what is the matter.
 */
export const REFUSED_SERVICES = [persistent.PersistentSubscriptionsService];

export function addRefusingServices(server: Server): void {
  for (const [service, what] of REFUSED) {
    const handlers: UntypedServiceImplementation = {};
    for (const [name, { responseStream }] of Object.entries(service)) {
      handlers[name] = responseStream
        ? (call: { emit(event: 'error', error: Error): void }) => {
            call.emit('error', refusal(what));
          }
        : (_call: unknown, answer: (error: Error) => void) => {
            answer(refusal(what));
          };
    }
    server.addService(service, handlers);
  }
}
