import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { compileDotNetRegex } from './dot-net-regex.js';
import { recordEventType, recordStreamName } from './record.js';

export interface EventFilter {
  matches(record: Buffer): boolean;
  /** Events looked at between two checkpoints. */
  readonly checkpointInterval: number;
}

/** Events looked at in one step when the client names no window, as on the real server. */
const DEFAULT_SEARCH_WINDOW = 32;

/** @throws SyntaxError for a regular expression that cannot be compiled. */
export function createEventFilter(options: ReadReq.Options.FilterOptions): EventFilter {
  const byStream = options.hasStreamIdentifier();
  const expression = byStream ? options.getStreamIdentifier() : options.getEventType();
  const subject = byStream ? recordStreamName : recordEventType;
  const window = options.hasMax() ? options.getMax() : DEFAULT_SEARCH_WINDOW;
  const checkpointInterval = Math.max(1, window * options.getCheckpointintervalmultiplier());
  const prefixes = expression?.getPrefixList() ?? [];
  const pattern = expression?.getRegex() ?? '';
  if (prefixes.length > 0) {
    const matches = (record: Buffer) => {
      const text = subject(record);
      return prefixes.some((prefix) => text.startsWith(prefix));
    };
    return { matches, checkpointInterval };
  }
  const regex = compileDotNetRegex(pattern);
  return { matches: (record) => regex.test(subject(record)), checkpointInterval };
}
