import type { Document } from 'bson';
import { isPlainObject } from '../bson/codec.js';
import { badValue, MongoFault, notImplemented } from '../errors.js';
import type { Match } from '../query/matcher.js';
import { Doc } from '../aggregate/doc.js';

/** Where an update lands: a container and the name or number of the field in it. */
export interface Slot {
  get(): unknown;
  set(value: unknown): void;
  remove(): void;
}

type Container = Document | unknown[];

/** What an array may be filled up to with nulls before the element that is set. */
const MAX_BACKFILL = 1_500_000;

export type ArrayFilters = ReadonlyMap<string, Match>;

function slot(container: Container, name: string): Slot {
  if (Array.isArray(container)) {
    const index = Number(name);
    return {
      get: (): unknown => container[index],
      set: (value) => {
        if (index > MAX_BACKFILL) {
          throw new MongoFault(34, `can't backfill array to larger than ${MAX_BACKFILL} elements`);
        }
        while (container.length < index) container.push(null);
        container[index] = value;
      },
      remove: () => {
        if (index < container.length) container[index] = null;
      },
    };
  }
  return {
    get: () => (Object.hasOwn(container, name) ? (container[name] as unknown) : undefined),
    set: (value) => {
      container[name] = value;
    },
    remove: () => {
      Reflect.deleteProperty(container, name);
    },
  };
}

function notViable(name: string, parent: string): MongoFault {
  return new MongoFault(28, `Cannot create field '${name}' in element {${parent}}`);
}

function child(container: Container, name: string, create: boolean): Container | undefined {
  const place = slot(container, name);
  const value = place.get();
  if (Array.isArray(value)) return value as unknown[];
  if (isPlainObject(value)) return value;
  if (value !== undefined && value !== null) {
    if (create) throw notViable(name, name);
    return undefined;
  }
  if (value === null && create) throw notViable(name, `${name}: null`);
  if (!create) return undefined;
  const made: Document = {};
  place.set(made);
  return made;
}

function elementNumbers(list: readonly unknown[], name: string, filters: ArrayFilters): string[] {
  const identifier = name.slice(2, -1);
  if (identifier === '') return list.map((_, index) => String(index));
  const match = filters.get(identifier);
  if (match === undefined) {
    throw new MongoFault(2, `No array filter found for identifier '${identifier}'`);
  }
  return list.flatMap((item, index) =>
    match(Doc.of({ [identifier]: item }).raw, 0) ? [String(index)] : [],
  );
}

/**
 * The slots a dotted path names, with `$[]` and `$[identifier]` expanded. With `create`, missing
 * documents on the way are made; without, such a path has no slot.
 */
export function resolveSlots(
  root: Document,
  path: string,
  create: boolean,
  filters: ArrayFilters,
): Slot[] {
  return walk(root, path.split('.'), create, filters);
}

function walk(
  container: Container,
  names: readonly string[],
  create: boolean,
  filters: ArrayFilters,
): Slot[] {
  const [name = '', ...rest] = names;
  if (name === '') throw badValue('An empty update path is not valid.');
  if (name === '__proto__') throw badValue("The field name '__proto__' is not supported.");
  if (name === '$') throw notImplemented("the positional operator '$'");
  if (name.startsWith('$[')) {
    if (!Array.isArray(container)) {
      throw new MongoFault(2, `Cannot apply array updates to non-array element`);
    }
    return elementNumbers(container, name, filters).flatMap((index) =>
      walk(container, [index, ...rest], create, filters),
    );
  }
  if (Array.isArray(container) && !/^\d+$/.test(name)) {
    if (create) throw notViable(name, 'array');
    return [];
  }
  if (rest.length === 0) return [slot(container, name)];
  const inner = child(container, name, create);
  return inner === undefined ? [] : walk(inner, rest, create, filters);
}
