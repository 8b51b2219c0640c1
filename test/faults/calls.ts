import { generateKey, hashKey } from '@keytrail/domain';
import type { IssuedKey, SignedUp } from '../../apps/api/test/harness/app.js';
import type { Invited } from '../../apps/api/test/harness/people.js';

/** An account with all that the calls below are about. */
export interface Stage {
  readonly owner: SignedUp;
  readonly member: SignedUp;
  /** Invited, and in no account but their own yet. */
  readonly guest: SignedUp;
  readonly invited: Invited;
  readonly key: IssuedKey;
  /** Nobody calls with it. */
  readonly spare: IssuedKey;
}

/** What is taken away from the api. */
export type Lost = 'event log' | 'documents' | 'documents past authentication';

export interface Call {
  readonly as: 'owner' | 'guest' | 'key' | 'nobody';
  /** For the parameter in the path. */
  readonly id?: (stage: Stage) => string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: (stage: Stage) => object;
  /** It changes the account: at the same time as others it might meet a conflict. */
  readonly changesAccount?: true;
  /** What it can do without. */
  readonly answersWithout?: readonly Lost[];
}

const everything: readonly Lost[] = ['event log', 'documents', 'documents past authentication'];

const anyReader = (call: Omit<Call, 'as'> = {}): Call[] => [
  { as: 'owner', ...call },
  { as: 'key', ...call },
];
/** The projector is not cut: what it was faster with, a handler need not write any more. */
const doneByProjector: readonly Lost[] = ['documents past authentication'];

/** What command handlers write themselves is read without asking the log; a key's use is recorded there. */
const anyReaderWithoutLog: readonly Call[] = [
  { as: 'owner', answersWithout: ['event log'] },
  { as: 'key' },
];
const keyId = ({ key }: Stage): string => key.apiKeyId;
const memberId = ({ member }: Stage): string => member.userId;
const token = ({ invited }: Stage): object => ({ token: invited.token });
const request = { method: 'GET', path: '/orders', ip: '192.0.2.7', userAgent: 'curl/8' };

/** How each route is called rightly, by its method and its path in openapi.json. */
export const callsByRoute: Readonly<Record<string, readonly Call[]>> = {
  'GET /v1/me': anyReaderWithoutLog,
  'POST /v1/api-keys': [{ as: 'owner', body: () => ({ name: 'Unrecorded' }) }],
  'GET /v1/api-keys': anyReader(),
  'POST /v1/api-keys/lookup': anyReader({
    body: ({ key }) => ({ secretHash: hashKey(key.apiKey) }),
  }),
  'GET /v1/api-keys/{id}': anyReader({ id: keyId }),
  'DELETE /v1/api-keys/{id}': [{ as: 'owner', id: ({ spare }) => spare.apiKeyId }],
  'GET /v1/usage/series': anyReader({ query: '?bucket=hour' }),
  'GET /v1/usage': anyReader(),
  'GET /v1/transactions': anyReader(),
  'GET /v1/audit/export': anyReader({ query: '?format=csv' }),
  'GET /v1/audit': anyReader(),
  'GET /v1/events': [
    ...anyReader({ query: '?from=start' }),
    // A stream has begun before it needs the past; it ends when it cannot have it.
    ...anyReader({
      query: '?from=start',
      headers: { accept: 'text/event-stream' },
      answersWithout: ['documents past authentication'],
    }),
  ],
  'POST /v1/verify': [
    {
      as: 'key',
      body: () => ({ apiKey: generateKey('axk'), request }),
      answersWithout: ['documents past authentication'],
    },
  ],
  'GET /v1/forward-auth': [
    {
      as: 'key',
      headers: { 'x-original-method': 'GET', 'x-original-uri': '/orders' },
      answersWithout: ['documents past authentication'],
    },
  ],
  'GET /healthz/ready': [{ as: 'nobody', answersWithout: ['documents past authentication'] }],
  'GET /healthz/live': [{ as: 'nobody', answersWithout: everything }],
  'GET /metrics': [{ as: 'nobody', answersWithout: everything }],
  'GET /v1/session': [{ as: 'owner', answersWithout: ['event log'] }],
  'GET /v1/accounts': [{ as: 'owner', answersWithout: ['event log'] }],
  'GET /v1/members': anyReaderWithoutLog,
  'POST /v1/invitations': [
    {
      as: 'owner',
      body: () => ({ email: 'somebody@example.com', role: 'reviewer' }),
      changesAccount: true,
      answersWithout: doneByProjector,
    },
  ],
  'DELETE /v1/invitations/{id}': [
    {
      as: 'owner',
      id: ({ invited }) => invited.invitationId,
      changesAccount: true,
      answersWithout: doneByProjector,
    },
  ],
  'POST /v1/invitations/lookup': [{ as: 'nobody', body: token, answersWithout: ['event log'] }],
  'POST /v1/invitations/accept': [
    { as: 'guest', body: token, changesAccount: true, answersWithout: doneByProjector },
  ],
  'PATCH /v1/members/{userId}': [
    {
      as: 'owner',
      id: memberId,
      body: () => ({ role: 'owner' }),
      changesAccount: true,
      answersWithout: doneByProjector,
    },
  ],
  'DELETE /v1/members/{userId}': [
    { as: 'owner', id: memberId, changesAccount: true, answersWithout: doneByProjector },
  ],
};
