const hourMs = 3_600_000;

/** The full hour (UTC) a time falls into. */
export const startOfHour = (time: Date): Date =>
  new Date(Math.floor(time.getTime() / hourMs) * hourMs);

/** The day (UTC) a time falls into. */
export const startOfDay = (time: Date): Date =>
  new Date(Math.floor(time.getTime() / (24 * hourMs)) * 24 * hourMs);
