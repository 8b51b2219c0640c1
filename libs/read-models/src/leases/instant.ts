/** A moment as this machine's two clocks tell it, in milliseconds. */
export interface Instant {
  /** Never set back; stands still while the machine sleeps. */
  readonly monotonic: number;
  /** Goes on while the machine sleeps; may be set. */
  readonly wall: number;
}

export type Clock = () => Instant;

export const machineClock: Clock = () => ({ monotonic: performance.now(), wall: Date.now() });

/** Whether less time has passed, whichever clock is asked; a wall clock that was set back tells nothing. */
export function isWithin(durationMs: number, since: Instant, now: Instant): boolean {
  const wall = now.wall - since.wall;
  return now.monotonic - since.monotonic < durationMs && wall >= 0 && wall < durationMs;
}
