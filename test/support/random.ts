/** Numbers from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** The seed of this run's random suites: `TEST_SEED`, to repeat a run, or another one each time. */
export const runSeed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

/** The same numbers for the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
