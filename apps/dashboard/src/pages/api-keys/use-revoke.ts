import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/http.js';
import { messageOf } from '../../api/problem.js';
import type { ApiKey } from '../../api/types.js';
import { useSession } from '../../session/session.js';
import type { StatusText } from '../../ui/status.js';

interface Revocation {
  readonly key: ApiKey;
  readonly reason: string;
}

interface Revoke {
  /** The key being revoked right now. */
  readonly busyId: string | null;
  readonly submit: (key: ApiKey, reason: string) => void;
}

/** Revokes a key and says what is happening. Safe to repeat: revoking again gives the same answer. */
export function useRevoke(onStatus: (status: StatusText | null) => void): Revoke {
  const { accountId } = useSession();
  const client = useQueryClient();
  const { mutate, isPending, variables } = useMutation({
    mutationFn: ({ key, reason }: Revocation) =>
      call(`/v1/api-keys/${encodeURIComponent(key.id)}`, {
        method: 'DELETE',
        body: reason === '' ? {} : { reason },
        accountId,
      }),
    onMutate: () => {
      onStatus({ tone: 'busy', text: 'Revoking key…' });
    },
    onSuccess: async (_answer, { key }) => {
      void client.invalidateQueries({ queryKey: ['unused-keys'] });
      await client.invalidateQueries({ queryKey: ['keys'] });
      onStatus({ tone: 'done', text: `“${key.name}” is revoked` });
    },
    onError: (error) => {
      onStatus({ tone: 'failed', text: `The key is not revoked. ${messageOf(error)}` });
    },
  });
  return {
    busyId: isPending ? variables.key.id : null,
    submit: (key, reason) => {
      mutate({ key, reason });
    },
  };
}
