const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const date = new Intl.DateTimeFormat('en', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});

/**
 * `just now`, `5 minutes ago`, `in 3 days`; a date beyond 30 days. What has passed is counted in whole units,
 * what is to come to the nearest one: a week from now is `in 7 days`, also a moment later.
 */
export function relativeTime(at: number, now: number): string {
  const distance = at - now;
  if (Math.abs(distance) < MINUTE_MS) return 'just now';
  const inUnits = (unitMs: number): number =>
    distance > 0 ? Math.round(distance / unitMs) : Math.trunc(distance / unitMs);
  const isBelow = (limitMs: number, unitMs: number): boolean =>
    Math.abs(inUnits(unitMs)) * unitMs < limitMs;
  if (isBelow(HOUR_MS, MINUTE_MS)) return relative.format(inUnits(MINUTE_MS), 'minute');
  if (isBelow(DAY_MS, HOUR_MS)) return relative.format(inUnits(HOUR_MS), 'hour');
  if (isBelow(30 * DAY_MS, DAY_MS)) return relative.format(inUnits(DAY_MS), 'day');
  return date.format(at);
}

/** `2026-01-31 09:30:00`, in UTC. */
export const toTheSecond = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;

/** `2026-01-31 09:30:00.000 UTC` */
export const exactTime = (iso: string): string =>
  `${iso.slice(0, 10)} ${iso.slice(11).replace(/Z$/, '')} UTC`;
