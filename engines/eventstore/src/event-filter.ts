import streams, { type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { compileDotNetRegex } from './dot-net-regex.js';
import { handlerError, invalidArgument } from './grpc-errors.js';
import { recordEventType, recordStreamName } from './record.js';

type FilterOptions = ReadReq.Options.FilterOptions;
const { FilterCase, WindowCase } = streams.ReadReq.Options.FilterOptions;

export interface EventFilter {
  matches(record: Buffer): boolean;
  /** Events looked at in one step. */
  readonly window: number;
  /** Events looked at between two checkpoints. */
  readonly checkpointInterval: number;
}

/** Events looked at in one step when the client names no window, as on the real server. */
const DEFAULT_SEARCH_WINDOW = 32;

/** @throws GrpcFault for a filter that is refused, or that cannot be matched as on the real server. */
export function createEventFilter(options: FilterOptions): EventFilter {
  const window = searchWindow(options);
  const multiplier = options.getCheckpointintervalmultiplier();
  if (multiplier === 0) throw handlerError();
  const checkpointInterval = window * multiplier;
  return { matches: matcher(options), window, checkpointInterval };
}

function searchWindow(options: FilterOptions): number {
  if (options.getWindowCase() === WindowCase.WINDOW_NOT_SET) {
    throw invalidArgument('The filter names no search window.');
  }
  return options.hasMax() ? options.getMax() : DEFAULT_SEARCH_WINDOW;
}

function matcher(options: FilterOptions): EventFilter['matches'] {
  if (options.getFilterCase() === FilterCase.FILTER_NOT_SET) {
    throw invalidArgument('The filter has no expression.');
  }
  const byStream = options.hasStreamIdentifier();
  const expression = byStream ? options.getStreamIdentifier() : options.getEventType();
  const subject = byStream ? recordStreamName : recordEventType;
  const pattern = expression?.getRegex() ?? '';
  // An expression goes before prefixes, and without either nothing matches.
  if (pattern !== '') {
    const regex = compiled(pattern);
    return (record) => regex.test(subject(record));
  }
  const prefixes = expression?.getPrefixList() ?? [];
  return (record) => {
    const text = subject(record);
    return prefixes.some((prefix) => text.startsWith(prefix));
  };
}

function compiled(pattern: string): RegExp {
  try {
    return compileDotNetRegex(pattern);
  } catch {
    throw handlerError();
  }
}
