import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useRouter, useRouterState, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { sessionQuery } from '../api/queries.js';
import { LiveUpdates } from '../live/live-updates.js';
import { type Session, SessionContext } from '../session/session.js';
import { markSessionShown } from '../session/tab.js';
import { TimeTooltip } from '../ui/time.js';
import { AwayNote } from './away-note.js';
import { Navigation } from './navigation.js';
import { noteShownSession, sessionOver } from './shown-session.js';
import { TopBar } from './top-bar.js';

/** The frame of every signed-in page: navigation, live updates, and the page itself. */
export function SignedIn() {
  const session = useLoadedSession();
  const main = useFocusOnNewPage();
  usePagesLoadedAhead();
  if (session === null) return null;
  return (
    <SessionContext value={session}>
      <LiveUpdates key={session.accountId}>
        <a href="#main" className="skip-link">
          Skip to the page
        </a>
        <div className="frame">
          <aside className="sidebar">
            <Navigation />
          </aside>
          <TopBar />
          <main id="main" ref={main} tabIndex={-1} className="page">
            <AwayNote />
            <Outlet />
          </main>
        </div>
        <TimeTooltip />
      </LiveUpdates>
    </SessionContext>
  );
}

/** The session that was loaded; `null` once it has ended, which takes everything off the page. */
function useLoadedSession(): Session | null {
  const { account } = useSearch({ strict: false });
  const { data } = useSuspenseQuery(sessionQuery(account));
  const { session, keyPrefixWord } = data;
  const userId = session?.user.id;
  const accountId = session?.account.id;
  useEffect(() => {
    if (userId === undefined || accountId === undefined) {
      sessionOver();
      return;
    }
    markSessionShown();
    noteShownSession({ userId, accountId });
    return () => {
      noteShownSession(null);
    };
  }, [userId, accountId]);
  if (session === null) return null;
  const { id, email, role } = session.user;
  return {
    accountId: session.account.id,
    accountName: session.account.name,
    userId: id,
    ...{ email, role, keyPrefixWord },
    accounts: session.accounts,
  };
}

/** Moves the focus to the page after going to another one, as a browser does after loading. */
function useFocusOnNewPage(): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const pathname = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current !== undefined && pathname !== last.current) main.current?.focus();
    last.current = pathname;
  }, [pathname]);
  return main;
}

const LOAD_AHEAD_AFTER_MS = 2_000;

/** Loads the code of every page ahead, so that going to one works while the service is away. */
function usePagesLoadedAhead(): void {
  const router = useRouter();
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const route of Object.values(router.routesById)) void router.loadRouteChunk(route);
    }, LOAD_AHEAD_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [router]);
}
