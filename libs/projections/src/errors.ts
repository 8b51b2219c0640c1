import {
  MongoBulkWriteError,
  MongoError,
  MongoInvalidArgumentError,
  MongoServerError,
} from 'mongodb';

/** Errors of the read models, told apart by `code`. */
export class ReadModelError extends Error {
  constructor(
    /**
     * - `read_model_behind`: a read model did not reach the awaited position in time;
     * - `read_model_missing`: no projector or api has set the read models up yet;
     * - `checkpoint_moved`: another projector has written meanwhile, and nothing was written here;
     * - `event_unapplied`: a read model cannot take an event, and an answer would promise that it has.
     */
    readonly code:
      'read_model_behind' | 'read_model_missing' | 'checkpoint_moved' | 'event_unapplied',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ReadModelError';
  }
}

/** Whether an error comes from the document database or its driver, rather than from the event log. */
export const isOfDatabase = (error: unknown): boolean =>
  error instanceof ReadModelError || error instanceof MongoError;

/** Errors of the driver by which the server did not answer. */
const UNANSWERED =
  /^Mongo(Network|ServerSelection|OperationTimeout|PoolCleared|WaitQueue|Topology|NotConnected)/;
/** What a server says that is shutting down or handing over to another, even without a label. */
const LEAVING: readonly unknown[] = [91, 189, 10_107, 11_600, 11_602, 13_435, 13_436];
const LABELS = ['RetryableWriteError', 'TransientTransactionError'];

/**
 * Whether an error says that the document database did not answer, or could not right now: the same
 * request may succeed later.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof MongoError)) return false;
  // A bulk write wraps whatever ended it, a lost connection too, in an error of its own.
  if (error instanceof MongoBulkWriteError && error.errorResponse instanceof Error) {
    return isOutage(error.errorResponse);
  }
  if (UNANSWERED.test(error.name) || LABELS.some((label) => error.hasErrorLabel(label)))
    return true;
  return error instanceof MongoServerError && LEAVING.includes(error.code);
}

const maxTimeExpired = 50;

/** Whether the document database has ended a read because it took longer than it may (`maxTimeMS`). */
export const isTooLong = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === maxTimeExpired;

/**
 * What a server says of its own state, by code: rights (13, 18), locks and conflicts (24, 46, 112), time
 * (50, 202, 262), other members (6, 7, 64, 89, 133), transactions that are over (225, 244, 251, 256), disk (14031).
 */
const OF_SERVER: readonly unknown[] = [
  ...[6, 7, 13, 18, 24, 46, 50, 64, 89, 112, 133, 202, 225, 244, 251, 256, 262, 14_031],
];

/**
 * Whether a write failed because of what it writes, so that the same write fails every time: the server or
 * the driver refuses a document, or the document could not even be made.
 */
export function isRefusal(error: unknown): boolean {
  if (error instanceof ReadModelError || isOutage(error)) return false;
  if (error instanceof MongoBulkWriteError && error.errorResponse instanceof Error) {
    return isRefusal(error.errorResponse);
  }
  if (error instanceof MongoServerError) return !OF_SERVER.includes(error.code);
  return !(error instanceof MongoError) || error instanceof MongoInvalidArgumentError;
}
