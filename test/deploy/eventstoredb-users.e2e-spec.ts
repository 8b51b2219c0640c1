import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../support/describe-with.js';
import { leader, startFakeNode } from './fake-node.js';
import type { FakeNode } from './fake-node.js';
import { makeCertificates, makeUser } from './scripts.js';

let dir: string;
const nodes: FakeNode[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keytrail-deploy-'));
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

type Answers = Parameters<typeof startFakeNode>[1];

async function node(answers: Answers, tls = true): Promise<number> {
  const started = await startFakeNode(tls ? dir : undefined, answers);
  nodes.push(started);
  return started.port;
}

const caFile = (): string => `tlsCAFile=${encodeURIComponent(join(dir, 'ca.crt'))}`;

async function refusal(url: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, out, err } = await makeUser({ EVENTSTOREDB_ADMIN_URL: url, ...env }, '--wait=0');
  expect({ code, out }).toEqual({ code: 1, out: [] });
  expect(err).toHaveLength(1);
  return err.join();
}

describeWith('openssl', 'deploy/make-certificates.sh', () => {
  it('makes an authority once and a certificate for each node, and leaves alone what is good', async () => {
    expect((await makeCertificates(dir, 'node1')).out).toEqual([
      `${dir}/ca.crt is new: give it to every node and to Keytrail.`,
      `${dir}/node1.crt is new, for DNS:node1,DNS:localhost,IP:127.0.0.1.`,
    ]);
    const authority = await readFile(join(dir, 'ca.crt'), 'utf8');
    expect((await makeCertificates(dir, 'node2', 'n2.example.com', '192.0.2.7')).out).toEqual([
      `${dir}/ca.crt stays as it is.`,
      `${dir}/node2.crt is new, for DNS:node2,DNS:localhost,IP:127.0.0.1,DNS:n2.example.com,IP:192.0.2.7.`,
    ]);
    expect((await makeCertificates(dir, 'node1')).out).toEqual([
      `${dir}/ca.crt stays as it is.`,
      `${dir}/node1.crt stays as it is.`,
    ]);
    expect(await readFile(join(dir, 'ca.crt'), 'utf8')).toBe(authority);
  });
});

describeWith('openssl', 'deploy/eventstoredb-users.mjs is refused', () => {
  beforeAll(() => makeCertificates(dir, 'node1'));

  it('without a connection string, a password or a known argument, and lists all three', async () => {
    const { code, err } = await makeUser({ EVENTSTOREDB_PASSWORD: 'short' }, '--own');
    expect(code).toBe(1);
    expect(err).toEqual([
      'unknown arguments: --own; EVENTSTOREDB_ADMIN_URL is not set; EVENTSTOREDB_PASSWORD must have at least 12 characters.',
    ]);
  });

  it('where nothing listens', async () => {
    expect(await refusal(`esdb://admin:x@localhost:1?${caFile()}`)).toBe(
      'EventStoreDB at localhost:1: nothing answers there; is it running, and is this its address?',
    );
  });

  it('by a server whose authority is not trusted', async () => {
    const port = await node({});
    expect(await refusal(`esdb://admin:x@localhost:${port}`)).toContain('tlsCAFile=FILE');
  });

  it('by a server whose certificate is for other names, which it tells', async () => {
    const port = await node({});
    const { err } = await makeUser(
      { EVENTSTOREDB_ADMIN_URL: `esdb://admin:x@127.0.0.2:${port}?${caFile()}` },
      '--wait=0',
    );
    expect(err.join()).toMatch(/its certificate is for other names \(.*127\.0\.0\.1.*\)/);
  });

  it('by a server that does not speak TLS', async () => {
    const port = await node({}, false);
    expect(await refusal(`esdb://admin:x@localhost:${port}?${caFile()}`)).toContain(
      'does not speak TLS',
    );
    expect(await refusal(`esdb://admin:x@localhost:${port}?tls=false`)).toContain('knows no users');
  });

  it('by a cluster without a leader', async () => {
    const members = [
      { state: 'Unknown', isAlive: true },
      { state: 'Manager', isAlive: false },
      { state: 'Manager', isAlive: false },
    ];
    const port = await node({ '/gossip': [200, { members }] });
    expect(await refusal(`esdb://admin:x@localhost:${port}?${caFile()}`)).toBe(
      'EventStoreDB has no leader: 1 of 3 known nodes answer, and most of a cluster must.',
    );
  });

  it('with a wrong password, which is never printed', async () => {
    const port = await node({ '/gossip': [200, leader], '/users/': [401, {}] });
    const line = await refusal(`esdb://admin:hunter2hunter2@localhost:${port}?${caFile()}`);
    expect(line).toContain(
      'refuses the user admin: the password in EVENTSTOREDB_ADMIN_URL is wrong',
    );
    expect(line).not.toContain('hunter2');
  });
});
