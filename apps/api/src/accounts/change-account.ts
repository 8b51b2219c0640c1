import { accountStream, decideAccount, evolveAccount, initialAccountState } from '@keytrail/domain';
import type { AccountCommand, AccountEvent, AccountRefusal } from '@keytrail/domain';
import { handleCommand } from '@keytrail/event-store';
import type { CommandResult, EventContext, EventLog } from '@keytrail/event-store';
import { writeInline } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';

export type AccountResult = CommandResult<AccountEvent, AccountRefusal>;

/**
 * Handles one command on an account. Once it resolves, every process knows the members and the
 * invitations as they are now.
 */
export async function changeAccount(
  log: EventLog,
  models: ReadModels,
  command: AccountCommand,
  { commandId, context }: { readonly commandId: string; readonly context: EventContext },
): Promise<AccountResult> {
  const result = await handleCommand(log, {
    streamName: accountStream(command.data.accountId),
    initialState: initialAccountState,
    evolve: evolveAccount,
    decide: (state) => decideAccount(command, state),
    commandId,
    context,
    known: (await models.views.current()).progress,
  });
  // Also when nothing was appended: an earlier call may have crashed between its append and this write.
  await writeInline(models, result.history);
  return result;
}
