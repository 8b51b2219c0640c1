import type { KeyStatus } from '../api/types.js';

/** Green for Active, red for Revoked; the word and the shape of the mark carry it too. */
export function StatusBadge({ status }: { readonly status: KeyStatus }) {
  return (
    <span className="badge" data-tone={status === 'Active' ? 'good' : 'bad'}>
      {status}
    </span>
  );
}

export function Tag({ children }: { readonly children: React.ReactNode }) {
  return (
    <span className="badge" data-tone="plain">
      {children}
    </span>
  );
}
