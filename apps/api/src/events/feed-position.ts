import { formatPosition, parsePosition } from '@keytrail/event-store';
import { badInput } from '../http/problem.js';
import type { Problem } from '../http/problem.js';

/** Before the first event; sorts before every position. */
export const BEFORE_ALL = '';

const SHOWN = /^\d{1,20}(-\d{1,20})?$/;

/** A position as subscribers see it: decimal, and twice where the log gives one commit several events. */
export function showPosition(position: string): string {
  const { commit, prepare } = parsePosition(position);
  return commit === prepare ? commit.toString() : `${commit}-${prepare}`;
}

/**
 * Where a subscriber wants to go on: after a position it was shown, from the first event (`start`) or
 * from now on (`now`).
 *
 * @returns the position as text that sorts as the log does, or `now`
 * @throws Problem 400
 */
export function parseFrom(text: string, field: string): string {
  if (text === 'now') return 'now';
  if (text === 'start') return BEFORE_ALL;
  if (!SHOWN.test(text)) throw badPosition(field, 'must be a position of the feed, start or now');
  return formatPosition(parsePosition(text));
}

/** 400: there is no such place in this log. */
export const badPosition = (field: string, message: string): Problem =>
  badInput([{ field, message }]);
