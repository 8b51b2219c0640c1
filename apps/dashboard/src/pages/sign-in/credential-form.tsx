import { useState } from 'react';
import { hasCode, messageOf } from '../../api/problem.js';
import { PASSWORD_MAX, PASSWORD_MIN, signIn, signUp } from '../../session/auth.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';

interface CredentialFormProps {
  readonly kind: 'sign-in' | 'sign-up';
  /** An address that cannot be changed, as an invitation names it. */
  readonly email?: string;
  readonly onDone: () => void | Promise<void>;
}

const words = {
  'sign-in': { submit: 'Sign in', busy: 'Signing in…', autoComplete: 'current-password' },
  'sign-up': { submit: 'Create account', busy: 'Creating account…', autoComplete: 'new-password' },
} as const;

export function CredentialForm({ kind, email, onDone }: CredentialFormProps) {
  const { isBusy, failure, submit } = useCredentials(kind, onDone);
  const { submit: label, busy, autoComplete } = words[kind];
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        // Not a form action: that would empty the fields after a failure.
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      {kind === 'sign-up' && (
        <Field label="Name" name="name" autoComplete="name" required maxLength={80} />
      )}
      <Field
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        required
        {...(email === undefined ? {} : { value: email, readOnly: true })}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete={autoComplete}
        required
        minLength={kind === 'sign-up' ? PASSWORD_MIN : undefined}
        maxLength={PASSWORD_MAX}
        hint={kind === 'sign-up' ? `At least ${PASSWORD_MIN} characters.` : undefined}
      />
      <p className="form-message" role="alert">
        {failure}
      </p>
      <Button type="submit" variant="primary" disabled={isBusy}>
        {isBusy ? busy : label}
      </Button>
    </form>
  );
}

function useCredentials(kind: CredentialFormProps['kind'], onDone: CredentialFormProps['onDone']) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const submit = async (form: FormData): Promise<void> => {
    const field = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    const credentials = { email: field('email').trim(), password: field('password') };
    setBusy(true);
    setFailure('');
    try {
      await (kind === 'sign-in'
        ? signIn(credentials)
        : signUp({ ...credentials, name: field('name').trim() }));
      await onDone();
    } catch (error) {
      setFailure(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, failure, submit };
}

function explain(error: unknown): string {
  if (hasCode(error, 'invalid_email_or_password')) {
    return 'Email and password do not match. Check both and try again.';
  }
  if (
    hasCode(error, 'user_already_exists') ||
    hasCode(error, 'user_already_exists_use_another_email')
  ) {
    return 'There is already an account with this email. Sign in instead.';
  }
  return messageOf(error);
}
