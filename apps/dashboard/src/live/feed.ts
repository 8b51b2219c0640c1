import { FeedHub } from './feed-hub.js';
import type { FeedListener, FeedNews } from './feed-hub.js';
import type { FeedWish } from './feed-worker.js';

const ownHub = new FeedHub();

/**
 * Follows the account's event feed, which all pages of the browser share. Where there are no shared workers,
 * as on some phones, the page has a feed of its own.
 *
 * @returns leaves again, at once
 */
export function joinFeed(accountId: string, listener: FeedListener): () => void {
  if (!('SharedWorker' in globalThis)) return ownHub.join(accountId, listener);
  const worker = new SharedWorker(new URL('./feed-worker.ts', import.meta.url), {
    type: 'module',
    name: 'keytrail-feed',
  });
  const { port } = worker;
  const tell = (wish: FeedWish): void => {
    port.postMessage(wish);
  };
  let leave = (): void => {
    tell('leave');
    port.close();
  };
  worker.addEventListener('error', () => {
    // Its script could not be loaded.
    leave = ownHub.join(accountId, listener);
  });
  port.addEventListener('message', ({ data }: MessageEvent<FeedNews>) => {
    listener(data);
  });
  port.start();
  tell({ join: accountId });
  return () => {
    leave();
  };
}
