import { useEffect, useRef, useState } from 'react';
import type { FeedState } from '../../live/feed-hub.js';
import { useLiveState, useTicker } from '../../live/live-updates.js';
import { useSession } from '../../session/session.js';
import { EventPages } from './event-pages.js';
import type { ShownEvent } from './event-pages.js';

/** The page shows the newest of these; older ones are in the audit trail. */
export const KEPT = 200;
const DRAW_EVERY_MS = 150;

interface FeedView {
  /** Newest first. */
  readonly arrivals: readonly ShownEvent[];
  /** Complete up to here; `null` before anything is known. */
  readonly position: string | null;
  /** How many arrived while paused. */
  readonly waiting: number;
}

const nothing: FeedView = { arrivals: [], position: null, waiting: 0 };

interface EventFeedOptions {
  readonly types: string | undefined;
  readonly from: string | undefined;
  readonly isPaused: boolean;
}

/**
 * The live feed for people: the newest events, drawn a few times a second however fast they come.
 * A component that follows another feed is given another key, so that nothing of the last one is left.
 */
export function useEventFeed(options: EventFeedOptions): FeedView & { readonly state: FeedState } {
  const { types, from, isPaused } = options;
  const { accountId } = useSession();
  const ticker = useTicker();
  const liveState = useLiveState();
  const [view, setView] = useState(nothing);
  const paused = useRef(isPaused);
  const draw = useRef<() => void>(() => undefined);

  useEffect(() => {
    let arrived: ShownEvent[] = [];
    let count = 0;
    let position: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const update = (): void => {
      timer = undefined;
      setView((last) => {
        if (paused.current) return { ...last, position, waiting: count };
        const arrivals = arrived.length === 0 ? last.arrivals : [...arrived, ...last.arrivals];
        arrived = [];
        count = 0;
        return { arrivals: arrivals.slice(0, KEPT), position, waiting: 0 };
      });
    };
    draw.current = update;
    const pages = new EventPages({
      accountId,
      types,
      from,
      onPage: (events, next) => {
        arrived = [...events.toReversed(), ...arrived].slice(0, KEPT);
        count += events.length;
        position = next;
        timer ??= setTimeout(update, DRAW_EVERY_MS);
      },
    });
    const stop = ticker.listen(pages.look);
    pages.look();
    return () => {
      stop();
      pages.close();
      clearTimeout(timer);
    };
  }, [accountId, types, from, ticker]);

  useEffect(() => {
    paused.current = isPaused;
    if (!isPaused) draw.current();
  }, [isPaused]);

  return { ...view, state: view.position === null ? 'connecting' : liveState };
}
