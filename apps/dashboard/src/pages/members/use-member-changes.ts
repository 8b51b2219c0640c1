import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/http.js';
import { hasCode, messageOf } from '../../api/problem.js';
import type { Invitation, Member, Role } from '../../api/types.js';
import { useSession } from '../../session/session.js';
import type { StatusText } from '../../ui/status.js';

/** What a dialog asks about before it happens. */
export type Removal =
  | { readonly kind: 'member'; readonly member: Member }
  | { readonly kind: 'invitation'; readonly invitation: Invitation };

interface MemberChanges {
  readonly setRole: (member: Member, role: Role) => void;
  readonly remove: (removal: Removal) => void;
}

export function useMemberChanges(onStatus: (status: StatusText) => void): MemberChanges {
  const { accountId } = useSession();
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ path, method, body }: Change) => call(path, { method, body, accountId }),
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
  return {
    setRole: (member, role) => {
      mutate(roleChange(member, role));
    },
    remove: (removal) => {
      mutate(removal.kind === 'member' ? leave(removal.member) : withdrawal(removal.invitation));
    },
  };
}

interface Change {
  readonly path: string;
  readonly method: 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly busy: string;
  readonly done: string;
}

const roleChange = ({ userId, email }: Member, role: Role): Change => ({
  path: `/v1/members/${encodeURIComponent(userId)}`,
  method: 'PATCH',
  body: { role },
  busy: 'Changing role…',
  done: `${email} is now ${role}`,
});

const leave = ({ userId, email }: Member): Change => ({
  path: `/v1/members/${encodeURIComponent(userId)}`,
  method: 'DELETE',
  busy: 'Removing member…',
  done: `${email} is removed`,
});

const withdrawal = ({ id, email }: Invitation): Change => ({
  path: `/v1/invitations/${encodeURIComponent(id)}`,
  method: 'DELETE',
  busy: 'Withdrawing invitation…',
  done: `The invitation of ${email} is withdrawn`,
});

const explain = (error: unknown): string =>
  hasCode(error, 'last_owner')
    ? 'At least one owner must remain. Make somebody else an owner first.'
    : messageOf(error);
