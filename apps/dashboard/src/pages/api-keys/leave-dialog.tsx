import { useBlocker } from '@tanstack/react-router';
import { Confirm } from '../../ui/dialog.js';

interface Address {
  readonly pathname: string;
  readonly search: { readonly account?: string | undefined };
}

/** Filters and pages change beside the key, another account takes it away. */
const placeOf = ({ pathname, search }: Address): string => `${pathname} ${search.account ?? ''}`;

/** Asks before the page is left with a key that nobody has copied and that cannot be shown again. */
export function LeaveDialog({ isUncopied }: { readonly isUncopied: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isUncopied && placeOf(next) !== placeOf(current),
    enableBeforeUnload: () => isUncopied,
    withResolver: true,
  });
  return (
    <Confirm
      isOpen={status === 'blocked'}
      title="Leave without copying the key?"
      description={<p>It cannot be shown again. It stays active, of no use to anybody.</p>}
      confirmLabel="Leave"
      onConfirm={() => proceed?.()}
      onCancel={() => reset?.()}
    />
  );
}
