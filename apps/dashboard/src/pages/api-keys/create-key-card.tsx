import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import { call } from '../../api/http.js';
import { ApiError, messageOf } from '../../api/problem.js';
import type { CreatedKey } from '../../api/types.js';
import { useSession } from '../../session/session.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Field } from '../../ui/field.js';
import type { StatusText } from '../../ui/status.js';
import { newAttemptId } from './attempt-id.js';
import { LatestKeyBox } from './latest-key-box.js';
import { type LatestKey, toLatestKey } from './secret.js';
import { useUncopiedKey } from './uncopied-key.js';
import { isWeakName } from './weak-name.js';

const NAME_MAX = 80;
const examples = ['Production Key', 'Development', 'CI/CD Pipeline', 'Mobile App'];

interface CreateKeyCardProps {
  readonly onStatus: (status: StatusText | null) => void;
}

/** Issues a key. The secret is in its box only, and forgotten when that is closed. */
export function CreateKeyCard({ onStatus }: CreateKeyCardProps) {
  const [name, setName] = useState('');
  const [latest, setLatest] = useState<LatestKey | null>(null);
  const [isUncopied, setUncopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { ask, dialog } = useUncopiedKey(isUncopied);
  // When its box is closed, another key takes its place, or the page is left: at once, for it may be kept as it is.
  useLayoutEffect(() => () => latest?.secret.forget(), [latest]);
  const create = useCreateKey(onStatus, (key) => {
    setLatest(key);
    setUncopied(true);
    setName('');
  });
  const close = (): void => {
    setLatest(null);
    setUncopied(false);
    onStatus(null);
    field.current?.focus();
  };
  const hint = isWeakName(name)
    ? 'This name says little. Name what will use the key, so that a reviewer can tell it apart later.'
    : `For example ${examples.join(', ')}.`;
  return (
    <Card title="Create New Key">
      <form
        className="create-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (create.isPending) return;
          void ask('create').then((isSure) => {
            if (isSure) create.submit(name);
          });
        }}
      >
        <Field
          ref={field}
          label="Name"
          name="keyName"
          value={name}
          placeholder="Production Key"
          autoComplete="off"
          maxLength={NAME_MAX}
          hint={<span data-weak={isWeakName(name)}>{hint}</span>}
          error={create.fieldError}
          onChange={({ target }) => {
            setName(target.value);
            create.clearError();
          }}
        />
        <Button type="submit" variant="primary" disabled={create.isPending}>
          Create
        </Button>
      </form>
      {latest && (
        <LatestKeyBox
          key={latest.apiKeyId}
          latest={latest}
          onCopied={() => {
            setUncopied(false);
            onStatus({ tone: 'done', text: 'Latest key copied' });
          }}
          onCopyFailed={() => {
            onStatus({ tone: 'failed', text: 'Copying was refused. Select the key and copy it.' });
          }}
          onClose={() => {
            void ask('close').then((isSure) => {
              if (isSure) close();
            });
          }}
        />
      )}
      {dialog}
    </Card>
  );
}

interface Creation {
  readonly isPending: boolean;
  readonly fieldError: string | undefined;
  readonly submit: (name: string) => void;
  readonly clearError: () => void;
}

function useCreateKey(
  onStatus: CreateKeyCardProps['onStatus'],
  onCreated: (key: LatestKey) => void,
): Creation {
  const { accountId } = useSession();
  const client = useQueryClient();
  const [fieldError, setFieldError] = useState<string>();
  // The same attempt repeated after a lost answer must not create a second key.
  const attempt = useRef<string>(undefined);
  const { mutate, isPending } = useMutation({
    mutationFn: async (name: string) =>
      toLatestKey(
        await call<CreatedKey>('/v1/api-keys', {
          method: 'POST',
          body: { name },
          accountId,
          headers: { 'idempotency-key': (attempt.current ??= newAttemptId()) },
        }),
      ),
    onSuccess: (key) => {
      attempt.current = undefined;
      onCreated(key);
      onStatus({ tone: 'done', text: `“${key.name}” is created` });
      void client.invalidateQueries({ queryKey: ['keys'] });
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.status !== 0) attempt.current = undefined;
      const ofName =
        error instanceof ApiError && error.errors.find(({ field }) => field === 'name');
      if (ofName) setFieldError(`The name ${ofName.message}.`);
      onStatus(ofName ? null : { tone: 'failed', text: messageOf(error) });
    },
  });
  return {
    isPending,
    fieldError,
    clearError: () => {
      setFieldError(undefined);
      attempt.current = undefined;
    },
    submit: (name) => {
      if (name.trim().length < 2) {
        setFieldError('Give the key a name of 2 to 80 characters.');
        return;
      }
      setFieldError(undefined);
      onStatus({ tone: 'busy', text: 'Creating API key…' });
      mutate(name.trim());
    },
  };
}
