import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/http.js';
import { hasCode, messageOf } from '../../api/problem.js';
import type { Invitation, Member, Role } from '../../api/types.js';
import { useSession } from '../../session/session.js';
import type { StatusText } from '../../ui/status.js';

/** What a dialog asks about before it happens. */
export type MemberChange =
  | { readonly kind: 'role'; readonly member: Member; readonly role: Role }
  | { readonly kind: 'removal'; readonly member: Member }
  | { readonly kind: 'withdrawal'; readonly invitation: Invitation };

export function useMemberChanges(
  onStatus: (status: StatusText) => void,
): (change: MemberChange) => void {
  const { accountId } = useSession();
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ path, method, body }: Step) => call(path, { method, body, accountId }),
    onMutate: ({ busy }) => {
      onStatus({ tone: 'busy', text: busy });
    },
    onSuccess: (_answer, { done }) => {
      onStatus({ tone: 'done', text: done });
    },
    onError: (error) => {
      onStatus({ tone: 'failed', text: explain(error) });
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['members'] }),
        client.invalidateQueries({ queryKey: ['session'] }),
      ]),
  });
  return (change) => {
    mutate(stepOf(change));
  };
}

/** The call that makes a change, and what to say meanwhile and afterwards. */
interface Step {
  readonly path: string;
  readonly method: 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly busy: string;
  readonly done: string;
}

function stepOf(change: MemberChange): Step {
  switch (change.kind) {
    case 'role':
      return roleChange(change.member, change.role);
    case 'removal':
      return removal(change.member);
    case 'withdrawal':
      return withdrawal(change.invitation);
  }
}

const roleChange = ({ userId, email }: Member, role: Role): Step => ({
  path: `/v1/members/${encodeURIComponent(userId)}`,
  method: 'PATCH',
  body: { role },
  busy: 'Changing role…',
  done: `${email} is now ${role}`,
});

const removal = ({ userId, email }: Member): Step => ({
  path: `/v1/members/${encodeURIComponent(userId)}`,
  method: 'DELETE',
  busy: 'Removing member…',
  done: `${email} is removed`,
});

const withdrawal = ({ id, email }: Invitation): Step => ({
  path: `/v1/invitations/${encodeURIComponent(id)}`,
  method: 'DELETE',
  busy: 'Withdrawing invitation…',
  done: `The invitation of ${email} is withdrawn`,
});

const explain = (error: unknown): string =>
  hasCode(error, 'last_owner')
    ? 'At least one owner must remain. Make somebody else an owner first.'
    : messageOf(error);
