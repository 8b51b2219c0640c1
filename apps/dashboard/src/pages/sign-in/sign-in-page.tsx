import { Link } from '@tanstack/react-router';
import { CredentialForm } from './credential-form.js';
import { Entry } from './entry.js';
import { useEnter } from './use-enter.js';

export function SignInPage() {
  const enter = useEnter();
  return (
    <Entry
      title="Sign in"
      foot={
        <>
          New here?{' '}
          <Link to="/sign-up" search={(previous) => previous}>
            Create an account
          </Link>
        </>
      }
    >
      <CredentialForm kind="sign-in" onDone={enter} />
    </Entry>
  );
}
