import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import { decode } from './codec.js';
import type { RecordedEvent } from './recorded-event.js';

/** What has come in over one subscription and was not handed out yet. */
export class Arrivals {
  private subscription: AllStreamSubscription | undefined;
  private failure: Error | null = null;
  private ended = false;
  private news = false;
  private wake: (() => void) | null = null;

  /** Whether nothing more will come. @throws what the subscription failed with */
  get over(): boolean {
    if (this.failure) throw this.failure;
    return this.ended;
  }

  follow(subscription: AllStreamSubscription): void {
    this.subscription = subscription;
    subscription.on('readable', this.notify);
    subscription.on('end', this.end);
    subscription.on('close', this.end);
    subscription.on('error', (error) => {
      this.failure = error;
      this.notify();
    });
  }

  readonly end = (): void => {
    this.ended = true;
    this.notify();
  };

  /** Resolves when something has come, or after so long in which nothing did. */
  async next(quietMs: number): Promise<'arrived' | 'quiet'> {
    if (!this.news) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, quietMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.news ? 'arrived' : 'quiet';
  }

  /** The next events, at most so many; none when none have come. */
  take(atMost: number): RecordedEvent[] {
    this.news = false;
    const events: RecordedEvent[] = [];
    while (events.length < atMost) {
      const resolved = this.subscription?.read() as AllStreamResolvedEvent | null | undefined;
      if (!resolved) break;
      if (resolved.event) events.push(decode(resolved.event, resolved.event.position));
    }
    return events;
  }

  private readonly notify = (): void => {
    this.news = true;
    this.wake?.();
  };
}
