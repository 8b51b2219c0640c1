import { firstStreamPositionMessage } from './read-messages.js';
import { firstReadableRevision, type StreamState } from './stream-state.js';

/** Revisions that the real server looks at in one step. */
const PAGE_REVISIONS = 32;

/**
 * What a forward read that begins with hidden events, or behind the last one, tells first: where to go
 * on. The real server looks at pages, and tells it after each page in which it finds nothing.
 */
export function* firstPositionMessages(
  state: StreamState,
  start: number,
  maxCount: number,
): Generator<Buffer, void> {
  const first = firstReadableRevision(state);
  const pageRevisions = Math.min(PAGE_REVISIONS, maxCount);
  for (let from = start; ;) {
    const isBehind = from > state.lastRevision;
    if (!isBehind && from + pageRevisions > first) return;
    const next = isBehind ? state.lastRevision + 1 : first;
    if (next !== from) yield firstStreamPositionMessage(next);
    if (isBehind) return;
    from = next;
  }
}
