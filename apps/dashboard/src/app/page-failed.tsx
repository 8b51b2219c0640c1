import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { hasStatus } from '../api/problem.js';
import { buttonClass } from '../ui/button.js';
import { Empty, Problem } from '../ui/states.js';

/** Shown when a page cannot even start: the service is away, or the account in the address is not theirs. */
export function PageFailed({ error }: ErrorComponentProps) {
  const router = useRouter();
  const isForeign = hasStatus(error, 403) || hasStatus(error, 404);
  return (
    <main className="alone">
      {isForeign ? (
        <Empty
          title="You are not a member of this account"
          action={
            <a href="/" className={buttonClass('primary')}>
              Go to your own account
            </a>
          }
        >
          Ask one of its owners for an invitation, or open your own account.
        </Empty>
      ) : (
        <Problem error={error} onRetry={() => void router.invalidate()} />
      )}
    </main>
  );
}
