import { deploy } from '../faults/deployment.js';
import type { Deployment } from '../faults/deployment.js';
import type { Client } from '../support/client.js';
import { onlyApi, openClient } from './contest.js';
import { Projection } from './projection.js';
import type { Running } from './running.js';
import { seedKeys } from './seed.js';
import type { Owner, Seeded } from './seed.js';
import { asOperated } from './servers.js';

const CATCH_UP_POLL_MS = 50;

type Session = Readonly<Record<string, string>>;

/** A deployment whose log, lists and audit trail hold so many keys of one account. */
export interface SeededDeployment {
  readonly deployment: Deployment;
  readonly client: Client;
  readonly session: Session;
  readonly seeded: Seeded;
  readonly records: number;
  /** How fast the projector made the read models of it. */
  readonly catchUpEventsPerSecond: number;
}

export async function deploySeeded(running: Running, records: number): Promise<SeededDeployment> {
  const deployment = await running.start(() => deploy({ apis: 1, ...asOperated }));
  const client = await openClient(running, onlyApi(deployment).url);
  const session = await client.signUp();
  const owner = await ownerOf(client, session);
  const projection = await Projection.open(running, deployment);
  // One after the other, so that each has the machine to itself.
  await deployment.projector.stop();
  const seeded = await seedKeys(deployment.eventStoreUrl, owner, records, running.signal);
  await deployment.projector.start();
  const startedAt = performance.now();
  await projection.caughtUp(undefined, CATCH_UP_POLL_MS);
  const seconds = (performance.now() - startedAt) / 1_000;
  const catchUpEventsPerSecond = Math.round(records / seconds);
  return { deployment, client, session, seeded, records, catchUpEventsPerSecond };
}

async function ownerOf(client: Client, session: Session): Promise<Owner> {
  const { body } = await client.request<{
    readonly account: { readonly id: string };
    readonly user: { readonly id: string; readonly email: string };
  }>('GET', '/v1/me', { headers: session });
  const { account, user } = body;
  return { accountId: account.id, actor: { type: 'user', id: user.id, label: user.email } };
}

/** Stops all parts and starts them again: from the first spawn until the api says that it is ready. */
export async function measureStart({ deployment, client }: SeededDeployment): Promise<number> {
  const { projector, stores } = deployment;
  const { api } = onlyApi(deployment);
  for (const part of [api, projector, stores]) await part.stop();
  const startedAt = performance.now();
  await stores.start();
  await Promise.all([projector.start(), api.start()]);
  const { status } = await client.request('GET', '/healthz/ready');
  if (status !== 200) throw new Error(`/healthz/ready answered ${status} after the start`);
  return Math.round(performance.now() - startedAt);
}
