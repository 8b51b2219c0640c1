/**
 * The smallest sample that at least this share of all samples do not exceed (nearest rank).
 *
 * @param samples in any order, at least one
 * @param share above 0, at most 1: 0.99 for p99
 */
export function percentile(samples: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(samples).sort();
  const found = sorted[Math.max(Math.ceil(sorted.length * share), 1) - 1];
  if (found === undefined) throw new Error('A percentile needs at least one sample');
  return found;
}

/** The middle sample; of two in the middle, the mean. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return (percentile(sorted, 0.5) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** Rounded to four significant digits: more than a measurement on a shared machine can tell. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
