/**
 * Waits for some work, but not longer than a deadline. The work itself goes on.
 *
 * @param late makes the error for a deadline that passed
 */
export function withDeadline<Result>(
  work: Promise<Result>,
  deadlineMs: number,
  late: () => Error,
): Promise<Result> {
  // Every guarded request waits here: one promise costs a fraction of what `Promise.race` makes.
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(late());
    }, deadlineMs);
    const inTime =
      <Value>(settle: (value: Value) => void) =>
      (value: Value): void => {
        clearTimeout(timer);
        settle(value);
      };
    work.then(inTime(resolve), inTime(reject));
  });
}
