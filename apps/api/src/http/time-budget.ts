/** A guarded request is let through or refused within this time, whatever it waits for. */
const GUARDED_MS = 1_800;
/** What a look-up and an append take together at most while the stores answer, on a busy machine too. */
const ANSWERED_MS = 300;

/** How long those who ask may wait for the stores before they are refused, in milliseconds. */
export const timeBudget = {
  guardedMs: GUARDED_MS,
  /**
   * A look-up or an append that got no answer for so long is given up: those who waited behind it still
   * have the time that their own take.
   */
  silentMs: GUARDED_MS - ANSWERED_MS,
  /** The look-up of a session. */
  sessionMs: GUARDED_MS,
  /** The record of what does not happen without it: a sign-in, a new password, an export. */
  recordedMs: GUARDED_MS,
  /** The record of refusals, for which nobody waits. */
  refusalMs: 5_000,
  /** Until the stores have time for what is read or changed. */
  turnMs: 5_000,
  /** Until an answer of which nothing is taken is ended. */
  unreadMs: 30_000,
  /** Until a list has caught up with the log. */
  caughtUpMs: 5_000,
  /** Signing in or up, with the hashing of a password on a busy machine. */
  signInMs: 10_000,
  /** How long of that somebody waits to have a password looked at. */
  passwordTurnMs: 5_000,
} as const;
