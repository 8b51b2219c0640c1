import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { credentials, status } from '@grpc/grpc-js';
import {
  collect,
  describeUnlessExternalServer,
  serverUnderTest,
  uniqueStream,
  type ServerUnderTest,
} from './server-under-test.js';

describe('what a server says of itself', () => {
  let server: ServerUnderTest;

  beforeAll(async () => {
    server = await serverUnderTest();
  });

  afterAll(async () => {
    await server.stop();
  });

  it('is its version, and which options its methods know', async () => {
    const address = new URL(server.url.replace(/^esdb\+?\w*:/, 'http:')).host;
    const client = new featuresGrpc.ServerFeaturesClient(address, credentials.createInsecure());
    const methods = await new Promise<features.SupportedMethods>((resolve, reject) => {
      client.getSupportedMethods(new shared.Empty(), (error, answer) => {
        if (error) reject(error);
        else resolve(answer);
      });
    });
    client.close();
    expect(methods.getEventStoreServerVersion()).toMatch(/^(24\.10|2[5-9]\.\d+)\.\d+$/);
    const known = methods
      .getMethodsList()
      .map((method) => `${method.getServiceName()}/${method.getMethodName()}`);
    expect(known).toEqual(
      expect.arrayContaining([
        'event_store.client.streams.streams/batchappend',
        'event_store.client.streams.streams/read',
        'event_store.client.gossip.gossip/read',
      ]),
    );
  });

  it('is by HTTP that it lives', async () => {
    const address = server.url.replace(/^esdb\+?\w*:/, 'http:').replace(/\?.*$/, '');
    const response = await fetch(`${address}/health/live`);
    expect(response.status).toBe(204);
  });
});

describeUnlessExternalServer('what the embedded server refuses', () => {
  const stream = uniqueStream();
  let server: ServerUnderTest;

  beforeAll(async () => {
    server = await serverUnderTest();
  });

  afterAll(async () => {
    await server.stop();
  });

  const settings = { startFrom: 'start' } as Parameters<
    ServerUnderTest['client']['createPersistentSubscriptionToAll']
  >[1];

  it.each<[string, (client: ServerUnderTest['client']) => Promise<unknown>]>([
    ['a projection', (client) => client.createProjection(stream, 'fromAll()')],
    [
      'a persistent subscription to $all',
      (client) => client.createPersistentSubscriptionToAll('group', settings),
    ],
    [
      'a persistent subscription',
      (client) => collect(client.subscribeToPersistentSubscriptionToStream(stream, 'group')),
    ],
    ['their list', (client) => client.listAllPersistentSubscriptions()],
    ['those of a stream', (client) => client.listPersistentSubscriptionsToStream(stream)],
    [
      'what is known of one',
      (client) => client.getPersistentSubscriptionToStreamInfo(stream, 'group'),
    ],
    ['to restart them', (client) => client.restartPersistentSubscriptionSubsystem()],
  ])('%s is refused with a sentence', async (_case, call) => {
    await expect(call(server.client)).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
      message: expect.stringContaining('The embedded event store serves no') as string,
    });
  });

  it('an HTTP call is refused with a sentence', async () => {
    const address = server.url.replace(/^esdb:/, 'http:').replace(/\?.*$/, '');
    const response = await fetch(`${address}/streams/x`);
    expect(response.status).toBe(501);
    expect(await response.text()).toContain('serves no HTTP API');
  });
});
