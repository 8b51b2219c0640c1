const POSITION = /^\d{1,20}(-\d{1,20})?$/;

/** Whether a text is a position of the feed: a decimal number, or two for events of one commit. */
export const isPosition = (text: string): boolean => POSITION.test(text);

/** Whether `a` stands after `b` in the log. Both must be positions. */
export function isAfter(a: string, b: string): boolean {
  const [commitA, prepareA] = parse(a);
  const [commitB, prepareB] = parse(b);
  return commitA === commitB ? prepareA > prepareB : commitA > commitB;
}

function parse(position: string): readonly [commit: bigint, prepare: bigint] {
  const [commit = '', prepare = commit] = position.split('-');
  return [BigInt(commit), BigInt(prepare)];
}
