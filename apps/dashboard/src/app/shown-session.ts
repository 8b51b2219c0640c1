import { sessionQuery } from '../api/queries.js';
import { onAccessLost, queryClient } from '../api/query-client.js';
import { onOtherTabs, tellOtherTabs } from '../session/other-tabs.js';

interface ShownSession {
  readonly userId: string;
  readonly accountId: string;
}

let shown: ShownSession | null = null;
let takeOff = (): void => undefined;

/** Told by the signed-in pages whose session they show; `null` when they show none any more. */
export function noteShownSession(session: ShownSession | null): void {
  shown = session;
}

/** Takes everything off the page and out of its memory, at once. Only a load of the page brings it back. */
export function emptyPage(): void {
  takeOff();
  queryClient.clear();
}

/** Told when an answer says that nobody is signed in any more. */
export function sessionOver(): void {
  tellOtherTabs('over');
  startAnew();
}

/**
 * Sees to it that what a session showed is gone with it: when it ends here, in another tab or elsewhere,
 * and in the copy of the page that the browser keeps for its Back button.
 *
 * @param unmount takes everything off the page, at once
 */
export function forgetEndedSessions(unmount: () => void): void {
  takeOff = unmount;
  onAccessLost({
    onSessionOver: () => {
      if (shown !== null) sessionOver();
    },
    onAccountLost: () => {
      if (shown !== null) startAnew();
    },
  });
  onOtherTabs((news) => {
    if (shown === null) return;
    if (news === 'over') startAnew();
    else void startAnewUnlessOf(shown);
  });
  window.addEventListener('pagehide', emptyPage);
  window.addEventListener('pageshow', ({ persisted }) => {
    // What was kept is an empty page: the load asks who is signed in before it draws anything.
    if (persisted) startAnew();
  });
}

function startAnew(): void {
  emptyPage();
  window.location.reload();
}

/** Somebody has signed in elsewhere: only for the one whose session is shown it may stay. */
async function startAnewUnlessOf({ userId, accountId }: ShownSession): Promise<void> {
  const asked = queryClient.query({ ...sessionQuery(accountId), staleTime: 0 });
  const now = await asked.catch(() => null);
  if (now?.session?.user.id !== userId) startAnew();
}
