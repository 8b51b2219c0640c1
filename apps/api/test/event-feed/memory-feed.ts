import type { EventBatch, Progress, RecordedEvent } from '@keytrail/event-store';
import { once } from 'node:events';
import type { FeedItem } from '../../src/event-feed/envelope.js';
import { fromLog } from '../../src/event-feed/envelope.js';
import type { FeedSource } from '../../src/event-feed/feed-source.js';
import type { PastQuery } from '../../src/event-feed/history.js';
import type { Taken } from '../../src/event-feed/channel.js';
import { progressAt } from '@keytrail/testing';

/** A log and an audit trail in memory, for tests of the feed with many events. */
export class MemoryFeed implements FeedSource {
  readonly events: RecordedEvent[] = [];
  private readonly items: FeedItem[] = [];
  private readonly appended = new EventTarget();
  /** How often somebody asked the audit trail. */
  pastReads = 0;
  /** Whether nothing of what is appended is handed out any more. */
  isSilent = false;
  /** What every subscription ends with instead of handing something out. */
  failure: Error | null = null;
  /** What subscriptions ended with. */
  readonly failures: unknown[] = [];

  append(accountId: string, type = 'KeyUsed'): RecordedEvent {
    const index = this.events.length;
    const commit = BigInt(index + 1) * 100n;
    const event: RecordedEvent = {
      type,
      data: { keyId: `key_${accountId}`, accountId, method: 'GET', path: `/${index}` },
      id: `event-${index}`,
      streamName: 'keyUsage-any',
      revision: BigInt(index),
      position: { commit, prepare: commit },
      context: {
        requestId: `request-${index}`,
        causationId: `command-${index}`,
        actor: { type: 'apiKey', id: `key_${accountId}`, label: 'axk_1234' },
        ip: '192.0.2.7',
        userAgent: null,
        occurredAt: '2026-03-01T10:15:00.000Z',
      },
    };
    this.events.push(event);
    this.items.push(fromLog(event, accountId));
    this.appended.dispatchEvent(new Event('appended'));
    return event;
  }

  /** The positions of an account's events, as subscribers see them. */
  idsOf(accountId: string): string[] {
    return this.items
      .filter((_, index) => this.events[index]?.data['accountId'] === accountId)
      .map(({ id }) => id);
  }

  readHead(): Promise<Progress> {
    return Promise.resolve(progressAt(this.events.at(-1)));
  }

  async *subscribe(
    { last }: Progress,
    signal: AbortSignal,
  ): AsyncGenerator<EventBatch, void, undefined> {
    let next = last === null ? 0 : Number(last.position.commit / 100n);
    while (!signal.aborted) {
      const events = this.events.slice(next, next + 50);
      if (events.length > 0 && this.failure) throw this.failure;
      next += events.length;
      if (events.length > 0 && !this.isSilent)
        yield { events, progress: progressAt(events.at(-1)) };
      else await once(this.appended, 'appended', { signal }).catch(() => undefined);
    }
  }

  onFailure(error: unknown): void {
    this.failures.push(error);
  }

  async read({ accountId, after, until, logTypes, limit }: PastQuery): Promise<Taken> {
    this.pastReads += 1;
    await new Promise(setImmediate);
    const items: FeedItem[] = [];
    for (let index = indexAfter(after); index < this.items.length; index += 1) {
      const item = this.items[index];
      const event = this.events[index];
      if (!item || !event || item.position > until) break;
      if (event.data['accountId'] !== accountId) continue;
      if (logTypes && !logTypes.has(item.logType)) continue;
      items.push(item);
      if (items.length === limit) return { items, position: item.position };
    }
    return { items, position: until };
  }
}

const indexAfter = (position: string): number =>
  position === '' ? 0 : Math.floor(Number(position.slice(0, 20)) / 100);
