import { useEffect, useRef, useState } from 'react';
import type { FeedEvent } from '@keytrail/sdk';
import { type FeedState, openFeed } from '../../live/feed.js';
import { useSession } from '../../session/session.js';

/** The page shows the newest of these; older ones are in the audit trail. */
export const KEPT = 200;
const DRAW_EVERY_MS = 150;

interface FeedView {
  /** Newest first. */
  readonly arrivals: readonly FeedEvent[];
  readonly state: FeedState;
  /** Complete up to here. */
  readonly position: string | null;
  /** How many arrived while paused. */
  readonly waiting: number;
}

const nothing: FeedView = { arrivals: [], state: 'connecting', position: null, waiting: 0 };

interface EventFeedOptions {
  readonly types: string | undefined;
  readonly from: string | undefined;
  readonly isPaused: boolean;
}

/**
 * The live feed for people: the newest events, drawn a few times a second however fast they come.
 * A component that follows another feed is given another key, so that nothing of the last one is left.
 */
export function useEventFeed({ types, from, isPaused }: EventFeedOptions): FeedView {
  const { accountId } = useSession();
  const [view, setView] = useState(nothing);
  const paused = useRef(isPaused);
  const draw = useRef<() => void>(() => undefined);

  useEffect(() => {
    let arrived: FeedEvent[] = [];
    let count = 0;
    let state: FeedState = 'connecting';
    let position: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const update = (): void => {
      timer = undefined;
      setView((last) => {
        if (paused.current) return { ...last, state, position, waiting: count };
        const arrivals = arrived.length === 0 ? last.arrivals : [...arrived, ...last.arrivals];
        arrived = [];
        count = 0;
        return { arrivals: arrivals.slice(0, KEPT), state, position, waiting: 0 };
      });
    };
    const soon = (): void => {
      timer ??= setTimeout(update, DRAW_EVERY_MS);
    };
    draw.current = update;
    const feed = openFeed({
      accountId,
      types,
      from,
      onEvent: (event) => {
        arrived = [event, ...arrived].slice(0, KEPT);
        count += 1;
        soon();
      },
      onPosition: (next) => {
        position = next;
        soon();
      },
      onState: (next) => {
        state = next;
        soon();
      },
    });
    return () => {
      feed.close();
      clearTimeout(timer);
    };
  }, [accountId, types, from]);

  useEffect(() => {
    paused.current = isPaused;
    if (!isPaused) draw.current();
  }, [isPaused]);

  return view;
}
