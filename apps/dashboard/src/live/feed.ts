import { createParser } from 'eventsource-parser';
import { accountHeader, toSearch } from '../api/http.js';
import type { FeedEvent } from '../api/types.js';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 15_000;
/** Heartbeats come more often than this: a stream that is silent for longer is taken for dead. */
const SILENCE_MS = 45_000;

export type FeedState = 'connecting' | 'live' | 'lost';

interface FeedOptions {
  readonly accountId: string;
  /** Event types of the feed, separated by commas; all of them when left out. */
  readonly types?: string | undefined;
  /** `start` replays from the first event; left out, the feed starts now. */
  readonly from?: string | undefined;
  /** Each event once, with its position in the log. */
  readonly onEvent: (event: FeedEvent, position: string) => void;
  /** The position up to which the feed is known to be complete. */
  readonly onPosition?: (position: string) => void;
  readonly onState: (state: FeedState) => void;
}

/** Follows the account's event feed, resuming after the last event by itself, until it is closed. */
export function openFeed(options: FeedOptions): { readonly close: () => void } {
  const closing = new AbortController();
  void follow(options, closing.signal);
  return {
    close: () => {
      closing.abort();
    },
  };
}

async function follow(options: FeedOptions, closed: AbortSignal): Promise<void> {
  let from = options.from;
  let delayMs = FIRST_DELAY_MS;
  const keep = (position: string): void => {
    from = position;
    delayMs = FIRST_DELAY_MS;
    options.onPosition?.(position);
  };
  const onState = (state: FeedState): void => {
    if (!closed.aborted) options.onState(state);
  };
  while (!closed.aborted) {
    onState('connecting');
    await readOnce({ ...options, onState }, from, keep, closed).catch(() => undefined);
    onState('lost');
    await pause(delayMs, closed);
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
  }
}

/** One connection, from its request until it ends or falls silent. */
async function readOnce(
  { accountId, types, onEvent, onState }: FeedOptions,
  from: string | undefined,
  keep: (position: string) => void,
  closed: AbortSignal,
): Promise<void> {
  const silent = new AbortController();
  let timer = setTimeout(() => undefined, 0);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      silent.abort();
    }, SILENCE_MS);
  };
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      if (event === 'heartbeat') {
        const { position } = JSON.parse(data) as { position?: string };
        if (position !== undefined) keep(position);
        return;
      }
      if (id === undefined) return;
      onEvent(JSON.parse(data) as FeedEvent, id);
      keep(id);
    },
  });
  try {
    const response = await fetch(`/v1/events${toSearch({ types, from })}`, {
      headers: { accept: 'text/event-stream', ...accountHeader(accountId) },
      cache: 'no-store',
      signal: AbortSignal.any([closed, silent.signal]),
    });
    if (!response.ok || !response.body) throw new Error(`the feed answered ${response.status}`);
    onState('live');
    heard();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      heard();
      parser.feed(read.value);
    }
  } finally {
    clearTimeout(timer);
  }
}

const pause = (ms: number, closed: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    closed.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
