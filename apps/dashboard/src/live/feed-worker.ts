import { FeedHub } from './feed-hub.js';
import type { FeedNews } from './feed-hub.js';

/** What a page tells the worker: whose feed it follows, and that it follows it no longer. */
export type FeedWish = { readonly join: string } | 'leave';

/** The types of the browser leave out where shared workers run. */
interface WorkerScope {
  addEventListener(type: 'connect', listener: (event: MessageEvent) => void): void;
}

const hub = new FeedHub();

(globalThis as unknown as WorkerScope).addEventListener('connect', ({ ports: [port] }) => {
  let leave = (): void => undefined;
  port?.addEventListener('message', ({ data }: MessageEvent<FeedWish>) => {
    leave();
    if (data === 'leave') return;
    leave = hub.join(data.join, (news: FeedNews) => {
      port.postMessage(news);
    });
  });
  // A page that crashed says nothing any more.
  port?.addEventListener('close', () => {
    leave();
  });
  port?.start();
});
