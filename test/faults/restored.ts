import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client, type Answer, type IssuedKey } from '../support/client.js';
import type { Deployment } from './deployment.js';
import { rebuildCommand } from './rebuild-command.js';

const GIVE_UP_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 50;

type Session = Readonly<Record<string, string>>;

export interface Person {
  readonly session: Session;
  readonly email: string;
  readonly userId: string;
  readonly accountId: string;
}

/** An account with somebody in it besides its owner, and two keys. */
export interface Scene {
  readonly owner: Person;
  readonly member: Person;
  readonly active: IssuedKey;
  readonly revoked: IssuedKey;
}

export async function setScene(client: Client): Promise<Scene> {
  const [owner, member] = [await signUp(client, 'Ada'), await signUp(client, 'Ben')];
  const invitation = await client.request<{ url: string }>('POST', '/v1/invitations', {
    headers: owner.session,
    body: { email: member.email, role: 'owner' },
  });
  const token = invitation.body.url.slice(invitation.body.url.indexOf('#') + 1);
  await client.request('POST', '/v1/invitations/accept', {
    headers: member.session,
    body: { token },
  });
  const active = await client.createKey(owner.session, 'Active');
  const revoked = await client.createKey(owner.session, 'Revoked');
  return { owner, member, active, revoked };
}

async function signUp(client: Client, name: string): Promise<Person> {
  const email = `${name.toLowerCase()}-${crypto.randomUUID()}@example.com`;
  const answer = await client.request('POST', '/api/auth/sign-up/email', {
    body: { name, email, password: crypto.randomUUID() },
  });
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  const cookie = cookies.map((each) => each.split(';')[0]).join('; ');
  interface Me {
    readonly account: { readonly id: string };
    readonly user: { readonly id: string };
  }
  const { body } = await client.request<Me>('GET', '/v1/me', { headers: { cookie } });
  return { session: { cookie }, email, userId: body.user.id, accountId: body.account.id };
}

/** Asks again and again until an answer is as wanted. */
export async function untilAnswer(
  ask: () => Promise<Answer>,
  isWanted: (answer: Answer) => boolean,
): Promise<Answer> {
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > giveUpAt) {
      throw new Error(`The last answer was ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}

export const untilReady = (client: Client): Promise<Answer> =>
  untilAnswer(
    () => client.request('GET', '/healthz/ready'),
    ({ status }) => status === 200,
  );

/** A folder of a deployment's stores, which only changes hands while these are stopped. */
export class Backup {
  private constructor(
    private readonly deployment: Deployment,
    private readonly folder: string,
    private readonly copy: string,
  ) {}

  static async of(deployment: Deployment, folder: string): Promise<Backup> {
    const copy = await mkdtemp(join(tmpdir(), 'keytrail-backup-'));
    const backup = new Backup(deployment, join(deployment.dataDir, folder), copy);
    await deployment.stores.stop();
    await cp(backup.folder, copy, { recursive: true });
    await deployment.stores.start();
    return backup;
  }

  async putBack(): Promise<void> {
    await this.exchange(() => cp(this.copy, this.folder, { recursive: true }));
  }

  /** Leaves a new store in its place. */
  async replaceByNew(): Promise<void> {
    await this.exchange(() => Promise.resolve());
  }

  async remove(): Promise<void> {
    await rm(this.copy, { recursive: true, force: true });
  }

  private async exchange(fill: () => Promise<void>): Promise<void> {
    await this.deployment.stores.stop();
    await rm(this.folder, { recursive: true });
    await fill();
    await this.deployment.stores.start();
  }
}

export interface Rebuilt {
  readonly stdout: string;
  /** The lines of the file in which it lists what the log has lost. */
  readonly lost: readonly string[];
}

/** `npm run rebuild -- all`, in a directory of its own: it may leave a file where it runs. */
export async function rebuildAll(deployment: Deployment): Promise<Rebuilt> {
  const { args, options } = rebuildCommand(deployment);
  const cwd = await mkdtemp(join(tmpdir(), 'keytrail-rebuild-'));
  const absolute = args.map((arg) => (arg.endsWith('.js') ? resolve(options.cwd, arg) : arg));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, absolute, {
      ...options,
      cwd,
      timeout: 120_000,
    });
    const files = (await readdir(cwd)).filter((name) => name.startsWith('lost-entries-'));
    const texts = await Promise.all(files.map((name) => readFile(join(cwd, name), 'utf8')));
    return { stdout, lost: texts.flatMap((text) => text.trimEnd().split('\n')) };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
