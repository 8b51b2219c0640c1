import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { forgetSessionShown, wasSessionShown } from '../../session/tab.js';
import { CredentialForm } from './credential-form.js';
import { Entry } from './entry.js';
import { useEnter } from './use-enter.js';

export function SignInPage() {
  const enter = useEnter();
  const [isOver] = useState(wasSessionShown);
  useEffect(forgetSessionShown, []);
  return (
    <Entry
      title="Sign in"
      lead={isOver && 'Your session has ended. Sign in again to go on where you were.'}
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
