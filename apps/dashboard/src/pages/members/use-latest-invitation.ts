import { useState } from 'react';
import type { NewInvitation } from '../../api/types.js';

type Show = (invitation: NewInvitation | null) => void;

/**
 * The invitation just made, whose link is in this state only, until it is closed or no longer open:
 * withdrawn or accepted, its link is of no use. `openIds` are those that can still be used, `undefined`
 * while they are not known; a new one is not among them at first.
 */
export function useLatestInvitation(
  openIds: readonly string[] | undefined,
): [latest: NewInvitation | null, show: Show] {
  const [latest, setLatest] = useState<NewInvitation | null>(null);
  const [wasListed, setListed] = useState(false);
  if (latest !== null && openIds !== undefined) {
    const isListed = openIds.includes(latest.invitationId);
    if (isListed && !wasListed) setListed(true);
    if (wasListed && !isListed) setLatest(null);
  }
  return [
    latest,
    (invitation) => {
      setListed(false);
      setLatest(invitation);
    },
  ];
}
