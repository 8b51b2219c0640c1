import { accountDecider, keyDecider } from '@keytrail/domain';
import type { AccountCommand, RevokeKey } from '@keytrail/domain';
import { BEGINNING, type EventContext, type EventLog, handleCommand } from '@keytrail/event-store';
import { uniqueId } from '@keytrail/platform';
import type { TakenAway } from '@keytrail/read-models';

const reason = 'Revoked before the event log was restored';

/**
 * Takes away again what a restored log would bring back, by events of the operator's.
 *
 * @param restoreId ties together all that one restore causes
 * @returns the code of a refusal, such as `last_owner`; `null` when it is done
 */
export async function writeAgain(
  log: EventLog,
  lost: TakenAway,
  restoreId: string,
): Promise<string | null> {
  const options = { context: contextOf(restoreId), known: BEGINNING };
  const result =
    lost.kind === 'key'
      ? await handleCommand(log, keyDecider, revocationOf(lost), options)
      : await handleCommand(log, accountDecider, commandOf(lost), options);
  return result.ok ? null : result.code;
}

const revocationOf = ({ keyId, accountId }: Extract<TakenAway, { kind: 'key' }>): RevokeKey => ({
  type: 'RevokeKey',
  data: { keyId, accountId, reason },
});

function commandOf(lost: Exclude<TakenAway, { kind: 'key' }>): AccountCommand {
  const by = null;
  const { accountId } = lost;
  switch (lost.kind) {
    case 'member':
      return { type: 'RemoveMember', by, data: { accountId, userId: lost.userId } };
    case 'role':
      return {
        type: 'ChangeMemberRole',
        by,
        data: { accountId, userId: lost.userId, role: lost.role },
      };
    case 'invitation':
      return {
        type: 'WithdrawInvitation',
        by,
        data: { accountId, invitationId: lost.invitationId },
      };
  }
}

const contextOf = (restoreId: string): EventContext => ({
  requestId: restoreId,
  causationId: uniqueId(),
  actor: { type: 'system', id: 'operator', label: 'Operator (restore)' },
  ip: null,
  userAgent: null,
  occurredAt: new Date().toISOString(),
});
