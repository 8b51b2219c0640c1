import { useSyncExternalStore } from 'react';

/** Since when the service has not answered, in milliseconds; `null` while it answers. */
let awaySince: number | null = null;
const listeners = new Set<() => void>();

/** Told by every call, whether the service answered it. */
export function setReachable(isReachable: boolean): void {
  if ((awaySince === null) === isReachable) return;
  awaySince = isReachable ? null : Date.now();
  for (const notify of listeners) notify();
}

export const useAwaySince = (): number | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => awaySince,
  );
