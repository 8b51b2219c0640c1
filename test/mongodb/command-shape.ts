type Fields = Readonly<Record<string, unknown>>;

/** What one command asks of the server, without the values in it. */
export interface Shape {
  readonly command: string;
  readonly inTransaction: boolean;
  /** Without version and generation of a read model; '' for a command about none. */
  readonly collection: string;
  readonly options: readonly string[];
  readonly operators: readonly string[];
}

/** What every driver says to every server, and the marks of a transaction, which have a field of their own. */
const PROTOCOL = new Set([
  '$db',
  '$clusterTime',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
]);

/** Options whose values tell them apart. */
const CONCERNS = new Set(['readConcern', 'writeConcern', '$readPreference']);

/** What a session has seen last, which every driver adds to the first command of a transaction. */
const CLUSTER_TIME = 'afterClusterTime';

/** Where a command holds filters, updates and pipelines. */
const EXPRESSIONS = new Set(['filter', 'query', 'update', 'pipeline', 'q', 'u']);

/** Lists of parts that have options of their own. */
const PARTS = new Set(['updates', 'deletes', 'indexes']);

export function shapeOf(name: string, command: Fields): Shape {
  const [, ...fields] = Object.entries(command).filter(([field]) => !PROTOCOL.has(field));
  return {
    command: name,
    inTransaction: command['autocommit'] === false,
    collection: collectionOf(name, command),
    options: unique(fields.flatMap(([field, value]) => optionsOf(field, value))),
    operators: unique(fields.flatMap(([field, value]) => operatorsOf(field, value))),
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();

function collectionOf(name: string, command: Fields): string {
  const given = name === 'getMore' ? command['collection'] : command[name];
  return typeof given === 'string' ? given.replace(/_v\d+_g\d+/, '') : '';
}

function optionsOf(field: string, value: unknown): string[] {
  if (PARTS.has(field) && Array.isArray(value)) {
    const names = value.flatMap((part: Fields) => Object.keys(part));
    return [field, ...names.filter((name) => !isGiven(name)).map((name) => `${field}.${name}`)];
  }
  if (field === '$readPreference' && isPrimary(value as Fields)) return [];
  if (CONCERNS.has(field)) {
    const concerns = Object.entries(value as Fields).filter(([key]) => key !== CLUSTER_TIME);
    return concerns.map(([key, set]) => `${field}.${key}: ${String(set)}`);
  }
  return [field];
}

/** A driver that was told of one server by name says `primaryPreferred` to it, whatever it was asked for. */
const isPrimary = ({ mode }: Fields): boolean => mode === 'primary' || mode === 'primaryPreferred';

/** Without it a part would be none. */
const isGiven = (name: string): boolean => ['q', 'u', 'key', 'name'].includes(name);

function operatorsOf(field: string, value: unknown): string[] {
  if (EXPRESSIONS.has(field)) return dollars(value);
  if (PARTS.has(field) && Array.isArray(value)) {
    return value.flatMap((part: Fields) =>
      Object.entries(part).flatMap(([name, given]) => operatorsOf(name, given)),
    );
  }
  return [];
}

/** All names of operators and stages in an expression. Values are data: a string is never looked into. */
function dollars(expression: unknown): string[] {
  if (Array.isArray(expression)) return expression.flatMap(dollars);
  if (!isPlain(expression)) return [];
  return Object.entries(expression).flatMap(([name, value]) => [
    ...(name.startsWith('$') ? [name] : []),
    ...dollars(value),
  ]);
}

const isPlain = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
