import { randomBytes } from 'node:crypto';
import { accountStream } from '@keytrail/domain';
import type { AccountEvent, Role } from '@keytrail/domain';
import type { EventContext } from '@keytrail/event-store';
import { randomId, uniqueId } from '@keytrail/platform';
import {
  generateInvitationToken,
  hashInvitationToken,
} from '../../src/accounts/common/invitation-token.js';
import { changeAccount } from '../../src/commands/change-account.js';
import type { SignedUp, TestApp } from './app.js';

export interface Invited {
  readonly invitationId: string;
  /** What stands after the # of the link. */
  readonly token: string;
}

/** An owner invites an address. */
export async function invite(
  { http }: TestApp,
  owner: SignedUp,
  email: string,
  role: Role = 'reviewer',
): Promise<Invited> {
  const answer = await http
    .post('/v1/invitations')
    .set('cookie', owner.cookie)
    .set('keytrail-account', owner.accountId)
    .send({ email, role })
    .expect(201);
  const { invitationId, url } = answer.body as { invitationId: string; url: string };
  return { invitationId, token: url.slice(url.indexOf('#') + 1) };
}

/** Somebody who signed up joins the account of an owner. */
export async function join(
  app: TestApp,
  owner: SignedUp,
  person: SignedUp,
  role: Role = 'reviewer',
): Promise<Invited> {
  const invited = await invite(app, owner, person.email, role);
  await app.http
    .post('/v1/invitations/accept')
    .set('cookie', person.cookie)
    .send({ token: invited.token })
    .expect(200);
  return invited;
}

/** An invitation as it is a week later. */
export async function expiredInvitation(
  app: TestApp,
  { accountId, userId, email: by }: SignedUp,
  email: string,
): Promise<Invited> {
  const invitationId = randomId('inv');
  const token = generateInvitationToken();
  const expiresAt = '2026-01-01T00:00:00.000Z';
  const tokenHash = hashInvitationToken(token);
  const data = { accountId, invitationId, email, role: 'reviewer', tokenHash, expiresAt } as const;
  const context = contextOf({ userId, email: by }, '2025-12-25T00:00:00.000Z');
  const now = context.occurredAt;
  const command = { type: 'InviteMember', by: userId, now, data } as const;
  const result = await changeAccount(app, command, context);
  if (!result.ok) throw new Error(`the invitation was refused: ${result.code}`);
  return { invitationId, token };
}

/** Appends to the stream of an owner's account, as if so much had happened there a moment ago. */
export async function record(
  { log }: TestApp,
  owner: SignedUp,
  events: readonly AccountEvent[],
): Promise<void> {
  const stream = accountStream(owner.accountId);
  const last = (await log.readStream(stream)).at(-1);
  const context = contextOf(owner, new Date().toISOString());
  const news = events.map((event) => ({ id: uniqueId(), event, context }));
  await log.append(stream, news, last?.revision ?? 'no_stream', { giveUpAfterMs: 10_000 });
}

const contextOf = (
  { userId, email }: Pick<SignedUp, 'userId' | 'email'>,
  occurredAt: string,
): EventContext => ({
  requestId: uniqueId(),
  causationId: uniqueId(),
  actor: { type: 'user', id: userId, label: email },
  ip: null,
  userAgent: null,
  occurredAt,
});

/** An address that nobody has. */
export const someAddress = (): string => `${randomBytes(8).toString('hex')}@example.com`;
