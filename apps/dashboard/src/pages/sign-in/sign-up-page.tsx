import { Link } from '@tanstack/react-router';
import { CredentialForm } from './credential-form.js';
import { Entry } from './entry.js';
import { useEnter } from './use-enter.js';

export function SignUpPage() {
  const enter = useEnter();
  return (
    <Entry
      title="Create an account"
      lead="You become its owner. Invite reviewers later."
      foot={
        <>
          Already have one?{' '}
          <Link to="/sign-in" search={(previous) => previous}>
            Sign in
          </Link>
        </>
      }
    >
      <CredentialForm kind="sign-up" onDone={enter} />
    </Entry>
  );
}
