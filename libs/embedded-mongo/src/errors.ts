import type { Document } from 'bson';
import { MingoError } from 'mingo/util';

/** The server error codes this store answers with, and their protocol names. */
const CODE_NAMES = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  31: 'UnsupportedFormat',
  34: 'CannotBackfillArray',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  79: 'UnknownReplWriteConcern',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  100: 'UnsatisfiableWriteConcern',
  112: 'WriteConflict',
  115: 'CommandNotSupported',
  146: 'ExceededMemoryLimit',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  197: 'InvalidIndexSpecificationOption',
  225: 'TransactionTooOld',
  237: 'CursorInUse',
  238: 'NotImplemented',
  241: 'ConversionFailure',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  263: 'OperationNotSupportedInTransaction',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  11601: 'Interrupted',
  15952: 'Location15952',
  15983: 'Location15983',
  16006: 'Location16006',
  16007: 'Location16007',
  16020: 'Location16020',
  16459: 'Location16459',
  16610: 'Location16610',
  17040: 'Location17040',
  17043: 'Location17043',
  17080: 'Location17080',
  17081: 'Location17081',
  17082: 'Location17082',
  17124: 'Location17124',
  17217: 'Location17217',
  17276: 'Location17276',
  17280: 'KeyTooLong',
  17419: 'Location17419',
  28664: 'Location28664',
  28689: 'Location28689',
  28714: 'Location28714',
  28758: 'Location28758',
  28759: 'Location28759',
  28761: 'Location28761',
  28764: 'Location28764',
  28765: 'Location28765',
  28766: 'Location28766',
  31249: 'Location31249',
  31253: 'Location31253',
  31254: 'Location31254',
  34435: 'Location34435',
  40066: 'Location40066',
  40090: 'Location40090',
  40323: 'Location40323',
  40324: 'Location40324',
  40386: 'Location40386',
  40390: 'Location40390',
  40400: 'Location40400',
  40415: 'Location40415',
  40485: 'Location40485',
  40517: 'Location40517',
  40523: 'Location40523',
  50840: 'Location50840',
  51024: 'Location51024',
  51083: 'Location51083',
  51091: 'Location51091',
  51111: 'Location51111',
} as const;

export type FaultCode = keyof typeof CODE_NAMES;

/** A refusal as the protocol words it: code, its name, and labels the driver acts on. */
export class MongoFault extends Error {
  readonly codeName: string;

  constructor(
    readonly code: FaultCode,
    message: string,
    readonly details: Document = {},
    readonly labels: readonly string[] = [],
  ) {
    super(message);
    this.name = 'MongoFault';
    this.codeName = CODE_NAMES[code];
  }

  /** This refusal as part of a reply that is otherwise good. */
  toError(): Document {
    return { code: this.code, codeName: this.codeName, errmsg: this.message };
  }

  /** The command reply that carries this refusal. */
  toReply(): Document {
    return {
      ok: 0,
      errmsg: this.message,
      code: this.code,
      codeName: this.codeName,
      ...this.details,
      ...(this.labels.length > 0 ? { errorLabels: [...this.labels] } : {}),
    };
  }
}

export const badValue = (message: string): MongoFault => new MongoFault(2, message);
export const failedToParse = (message: string): MongoFault => new MongoFault(9, message);

/** What the real server can do and this one cannot: refused, never answered wrongly. */
export const notImplemented = (what: string): MongoFault =>
  new MongoFault(238, `${what} is not supported by the embedded document store`);

export const writeConflict = (): MongoFault =>
  new MongoFault(
    112,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    {},
    ['TransientTransactionError'],
  );

export const noSuchTransaction = (message: string): MongoFault =>
  new MongoFault(251, message, {}, ['TransientTransactionError']);

export const isMongoFault = (error: unknown): error is MongoFault => error instanceof MongoFault;

/** Any thrown value as a fault; what is not one of ours is an internal error. */
export function toFault(error: unknown): MongoFault {
  if (isMongoFault(error)) return error;
  if (error instanceof MingoError) return badValue(error.message);
  const text = error instanceof Error ? error.message : String(error);
  return new MongoFault(1, `internal error: ${text}`);
}
