import { call } from '../../api/http.js';
import type { EventsPage, FeedEvent } from '../../api/types.js';

const PAGE = 100;

/** An event of the feed with its position as people see it. */
export type ShownEvent = FeedEvent & { readonly position: string };

interface EventPagesOptions {
  readonly accountId: string;
  readonly types: string | undefined;
  /** `start` for all from the first event on; from now on when left out. */
  readonly from: string | undefined;
  readonly onPage: (events: readonly ShownEvent[], position: string) => void;
}

/**
 * Reads the feed page by page, each event once and in order, whenever it is told that there may be more.
 * So a page needs no connection of its own to follow the feed.
 */
export class EventPages {
  private from: string;
  private isReading = false;
  private isToldMeanwhile = false;
  private readonly closing = new AbortController();

  constructor(private readonly options: EventPagesOptions) {
    this.from = options.from ?? 'now';
  }

  /** Reads all that there is. What cannot be read now is read when it is told next. */
  readonly look = (): void => {
    this.isToldMeanwhile = true;
    if (!this.isReading) void this.read();
  };

  close(): void {
    this.closing.abort();
  }

  private async read(): Promise<void> {
    const { accountId, types, onPage } = this.options;
    const { signal } = this.closing;
    this.isReading = true;
    try {
      while (this.isToldMeanwhile && !signal.aborted) {
        this.isToldMeanwhile = false;
        const query = { from: this.from, types, limit: PAGE };
        const page = await call<EventsPage>('/v1/events', { query, accountId, signal });
        this.from = page.nextPosition;
        onPage(page.events.map(withPosition), page.nextPosition);
        if (page.events.length === PAGE) this.isToldMeanwhile = true;
      }
    } catch {
      // Who tells says it again, and the page says that it is not live.
    } finally {
      this.isReading = false;
    }
  }
}

/** `184467` of `00000000000000184467`; two such numbers where one commit has several events. */
const withPosition = (event: FeedEvent): ShownEvent => ({
  ...event,
  position: event.sequence.replaceAll(/\b0+(?=\d)/g, ''),
});
