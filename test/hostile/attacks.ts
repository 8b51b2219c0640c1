import { onTheWire } from './attacker.js';
import type { Attacker } from './attacker.js';

/** An account with a history, of somebody who means harm. */
export interface HostileTenant {
  readonly session: Readonly<Record<string, string>>;
  readonly bearer: Readonly<Record<string, string>>;
}

type Attack = (attacker: Attacker, tenant: HostileTenant) => Promise<void>;

const DAY_MS = 24 * 60 * 60 * 1_000;
const monthAgo = (): string => new Date(Date.now() - 30 * DAY_MS).toISOString();
const some = (index: number): string => `${index}-${crypto.randomUUID()}`;

/** What a hostile tenant or a stranger does, for as long as they are let. */
export const attacks: Readonly<Record<string, Attack>> = {
  'exports that are not read': (attacker, { bearer }) =>
    attacker.hang(260, onTheWire('/v1/audit/export?format=jsonl', bearer)),
  'feeds that are not read': (attacker, { bearer }) =>
    attacker.hang(
      400,
      onTheWire('/v1/events?from=start', { ...bearer, accept: 'text/event-stream' }),
    ),
  'lists that are not read': (attacker, { bearer }) =>
    attacker.hang(300, onTheWire('/v1/audit?limit=100&order=desc', bearer).repeat(20)),
  'huge windows of time': (attacker, { bearer: headers }) =>
    attacker.flood(40, (index) => ({
      headers,
      path: [
        `/v1/usage/series?bucket=hour&from=${monthAgo()}`,
        `/v1/usage/series?bucket=hour&from=${monthAgo()}&top=20`,
        '/v1/usage?from=2000-01-01&to=2000-01-02',
        '/v1/audit?from=2000-01-01&to=2100-01-01&actor=nobody%40example.com&limit=100',
        '/v1/transactions?from=2000-01-01&limit=100',
      ][index % 5] as string,
    })),
  'a flood of invitations': (attacker, { session: headers }) =>
    attacker.flood(30, (index) => ({
      ...{ method: 'POST', path: '/v1/invitations', headers },
      body: { email: `${some(index)}@example.com`, role: 'reviewer' },
    })),
  'a flood of sign-ins': (attacker) =>
    attacker.flood(30, (index) => ({
      ...{ method: 'POST', path: '/api/auth/sign-in/email' },
      body: { email: `${some(index)}@example.com`, password: 'a wrong password' },
    })),
  'a flood of silent connections': (attacker) => attacker.hang(1_500, ''),
  'a flood of paths': (attacker) =>
    attacker.flood(60, (index) => ({
      path: (index % 2 === 0 ? '/api/auth/' : '/') + some(index),
    })),
  'a flood of new keys': (attacker, { session: headers }) =>
    attacker.flood(100, () => ({
      ...{ method: 'POST', path: '/v1/api-keys', headers },
      body: { name: 'One of many' },
    })),
  'a flood of requests with one key': (attacker, { bearer: headers }) =>
    attacker.flood(200, () => ({ path: '/v1/me', headers })),
};
