import type { ReadView } from '@keytrail/read-models';

/** A projector that starts, or that waits for a transaction of one that was killed, takes less. */
export const STALLED_AFTER_MS = 30_000;

/** Sees over several looks whether the projector goes on. */
export class ProjectorWatch {
  private seen = '';
  private seenAt = 0;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /**
   * @param head the formatted position of the newest event
   * @returns since when nothing has moved although there is something to do, in milliseconds; 0 otherwise
   */
  stoodStillMs({ entries }: Pick<ReadView, 'entries'>, head: string): number {
    const all = [...entries.values()];
    const isBehind = all.some(({ _id, model, position }) => _id === model && position < head);
    // A new generation that is being built moves, too, while the one before it waits for it.
    const places = all.map(({ _id, generation, position }) => `${_id} ${generation} ${position}`);
    const now = isBehind ? places.join('\n') : '';
    if (now === '' || now !== this.seen) {
      this.seen = now;
      this.seenAt = this.nowMs();
      return 0;
    }
    return this.nowMs() - this.seenAt;
  }
}
