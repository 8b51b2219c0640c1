/** How long each is, in milliseconds. */
const spanMs = { second: 1_000, hour: 3_600_000, day: 86_400_000 } as const;

/** A part of time that begins at a border of UTC. */
export type Span = keyof typeof spanMs;

/** The first border of seconds, hours or days (UTC) that is not before a time. */
export const endOf = (span: Span, time: Date): Date =>
  startOf(span, new Date(time.getTime() + spanMs[span] - 1));

/** The second, hour or day (UTC) a time falls into. */
export const startOf = (span: Span, time: Date): Date =>
  new Date(Math.floor(time.getTime() / spanMs[span]) * spanMs[span]);
