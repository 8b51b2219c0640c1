/** The server error codes this store answers with, and their protocol names. */
const CODE_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'InternalError'],
  [2, 'BadValue'],
  [9, 'FailedToParse'],
  [13, 'Unauthorized'],
  [14, 'TypeMismatch'],
  [15, 'Overflow'],
  [17, 'ProtocolError'],
  [18, 'AuthenticationFailed'],
  [20, 'IllegalOperation'],
  [22, 'InvalidBSON'],
  [26, 'NamespaceNotFound'],
  [27, 'IndexNotFound'],
  [28, 'PathNotViable'],
  [40, 'ConflictingUpdateOperators'],
  [43, 'CursorNotFound'],
  [48, 'NamespaceExists'],
  [50, 'MaxTimeMSExpired'],
  [52, 'DollarPrefixedFieldName'],
  [66, 'ImmutableField'],
  [67, 'CannotCreateIndex'],
  [72, 'InvalidOptions'],
  [73, 'InvalidNamespace'],
  [79, 'UnknownReplWriteConcern'],
  [85, 'IndexOptionsConflict'],
  [86, 'IndexKeySpecsConflict'],
  [100, 'UnsatisfiableWriteConcern'],
  [112, 'WriteConflict'],
  [115, 'CommandNotSupported'],
  [171, 'CannotIndexParallelArrays'],
  [225, 'TransactionTooOld'],
  [237, 'CursorInUse'],
  [238, 'NotImplemented'],
  [251, 'NoSuchTransaction'],
  [256, 'TransactionCommitted'],
  [263, 'OperationNotSupportedInTransaction'],
  [292, 'QueryExceededMemoryLimitNoDiskUseAllowed'],
  [334, 'MechanismUnavailable'],
  [10334, 'BSONObjectTooLarge'],
  [11000, 'DuplicateKey'],
]);

type Fields = Readonly<Record<string, unknown>>;

/** A refusal as the protocol words it: code, its name, and labels the driver acts on. */
export class MongoFault extends Error {
  readonly codeName: string;

  constructor(
    readonly code: number,
    message: string,
    readonly details: Fields = {},
    readonly labels: readonly string[] = [],
  ) {
    super(message);
    this.name = 'MongoFault';
    this.codeName = CODE_NAMES.get(code) ?? `Location${code}`;
  }

  /** This refusal as part of a reply that is otherwise good. */
  toError(): Fields {
    return { code: this.code, codeName: this.codeName, errmsg: this.message };
  }

  /** The command reply that carries this refusal. */
  toReply(): Fields {
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

/** What the real server can do and this one does not: refused, never answered wrongly. */
export const notImplemented = (what: string): MongoFault =>
  new MongoFault(238, `The embedded document store does not serve ${what}. See its dialect.md.`);

export const commandNotServed = (name: string): MongoFault =>
  new MongoFault(
    115,
    `The embedded document store does not serve the command '${name}'. See its dialect.md.`,
  );

const TRANSIENT = ['TransientTransactionError'];

export const writeConflict = (why = 'Write conflict during plan execution'): MongoFault =>
  new MongoFault(
    112,
    `Caused by :: ${why} :: Please retry your operation or multi-document transaction.`,
    {},
    TRANSIENT,
  );

export const noSuchTransaction = (message: string): MongoFault =>
  new MongoFault(251, message, {}, TRANSIENT);

/** Any thrown value as a fault; what is not one of ours is an internal error. */
export function toFault(error: unknown): MongoFault {
  if (error instanceof MongoFault) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new MongoFault(1, `internal error: ${text}`);
}
