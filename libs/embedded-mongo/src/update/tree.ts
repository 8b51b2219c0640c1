import { documentValue, type RawValue } from '../bson/raw.js';
import { documentOf, show } from '../bson/values.js';
import { badValue, MongoFault, notImplemented } from '../errors.js';

/** A document that is being changed: fields in their order, opened as deep as the changes reach. */
export class Tree {
  readonly #fields: Map<string, RawValue | Tree>;

  constructor(document: RawValue) {
    this.#fields = new Map(document.entries());
  }

  get(name: string): RawValue | undefined {
    const field = this.#fields.get(name);
    return field instanceof Tree ? field.toValue() : field;
  }

  set(name: string, value: RawValue): void {
    this.#fields.set(name, value);
  }

  remove(name: string): void {
    this.#fields.delete(name);
  }

  /** The document in a field; with `create`, a missing one is made. */
  open(name: string, create: boolean, rest: string): Tree | undefined {
    const field = this.#fields.get(name);
    if (field instanceof Tree) return field;
    if (field === undefined && !create) return undefined;
    if (field === undefined || field.isObject) {
      const opened = new Tree(field ?? EMPTY);
      this.#fields.set(name, opened);
      return opened;
    }
    if (field.isArray && /^\d+(\.|$)/.test(rest)) {
      throw notImplemented('an update of an element of an array');
    }
    if (!create) return undefined;
    throw new MongoFault(28, `Cannot create field '${rest}' in element {${name}: ${show(field)}}`);
  }

  toValue(): RawValue {
    return documentOf(this.#entries());
  }

  *#entries(): Generator<[string, RawValue]> {
    for (const [name, field] of this.#fields) {
      yield [name, field instanceof Tree ? field.toValue() : field];
    }
  }
}

const EMPTY = documentValue(Buffer.from([5, 0, 0, 0, 0]));

/** The field a dotted path names, to be read and written. */
export class Slot {
  constructor(
    private readonly tree: Tree,
    private readonly name: string,
  ) {}

  get(): RawValue | undefined {
    return this.tree.get(this.name);
  }

  set(value: RawValue): void {
    this.tree.set(this.name, value);
  }

  remove(): void {
    this.tree.remove(this.name);
  }
}

/** With `create`, missing documents on the way are made; without, such a path has no slot. */
export function resolveSlot(root: Tree, path: string, create: boolean): Slot | undefined {
  const names = path.split('.');
  let tree: Tree | undefined = root;
  for (const [at, name] of names.slice(0, -1).entries()) {
    tree = tree.open(name, create, names.slice(at + 1).join('.'));
    if (tree === undefined) return undefined;
  }
  return new Slot(tree, names.at(-1) ?? '');
}

/** Refuses paths that the server refuses, and those into arrays. */
export function checkPath(path: string): string {
  for (const name of path.split('.')) {
    if (name === '') throw badValue(`The update path '${path}' contains an empty field name.`);
    if (/^\$(?:\[.*\])?$/.test(name)) throw notImplemented(`the positional operator '${name}'`);
    if (name.startsWith('$')) {
      throw new MongoFault(
        52,
        `The dollar ($) prefixed field '${name}' in '${path}' is not allowed in the context of an update`,
      );
    }
  }
  return path;
}
