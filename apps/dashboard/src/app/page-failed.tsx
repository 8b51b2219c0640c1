import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { hasCode, hasStatus } from '../api/problem.js';
import { buttonClass } from '../ui/button.js';
import { Empty, Problem } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { Logo } from '../ui/logo.js';

/** Shown when a page cannot even start: the service is away, or the account in the address is not theirs. */
export function PageFailed({ error }: ErrorComponentProps) {
  const router = useRouter();
  const isForeign = hasCode(error, 'wrong_account') || hasStatus(error, 403);
  useTitle(isForeign ? 'Not your account' : 'Not loaded');
  return (
    <main className="alone">
      <Logo />
      {isForeign ? (
        <Empty
          title="You are not a member of this account"
          isPage
          action={
            <a href="/" className={buttonClass('primary')}>
              Go to your own account
            </a>
          }
        >
          Ask one of its owners for an invitation, or open your own account.
        </Empty>
      ) : (
        <Problem isPage error={error} onRetry={() => void router.invalidate()} />
      )}
    </main>
  );
}
