import { badValue, MongoFault, notImplemented } from '../bson/errors.js';
import type { RawValue } from '../bson/raw.js';
import { documentOf, show } from '../bson/values.js';

/** A document that is being changed: fields in their order, opened as deep as the changes reach. */
export class Tree {
  readonly #fields: Map<string, RawValue | Tree>;

  constructor(document: RawValue) {
    this.#fields = new Map(document.entries());
  }

  /**
   * Changes the field at a path.
   *
   * @param creates whether missing documents on the way are made; else nothing changes without them
   */
  change(
    [name = '', ...rest]: readonly string[],
    creates: boolean,
    change: (current: RawValue | undefined) => RawValue | undefined,
  ): void {
    if (rest.length > 0) {
      this.#open(name, creates, rest)?.change(rest, creates, change);
      return;
    }
    const field = this.#fields.get(name);
    const changed = change(field instanceof Tree ? field.toValue() : field);
    if (changed === undefined) this.#fields.delete(name);
    else this.#fields.set(name, changed);
  }

  #open(name: string, creates: boolean, rest: readonly string[]): Tree | undefined {
    const field = this.#fields.get(name);
    if (field instanceof Tree) return field;
    if (field === undefined && !creates) return undefined;
    if (field === undefined || field.isObject) {
      const opened = new Tree(field ?? documentOf([]));
      this.#fields.set(name, opened);
      return opened;
    }
    if (field.isArray && /^\d+$/.test(rest[0] ?? '')) {
      throw notImplemented('an update of an element of an array');
    }
    if (!creates) return undefined;
    const path = rest.join('.');
    throw new MongoFault(28, `Cannot create field '${path}' in element {${name}: ${show(field)}}`);
  }

  toValue(): RawValue {
    return documentOf(
      [...this.#fields].map(([name, field]) => [
        name,
        field instanceof Tree ? field.toValue() : field,
      ]),
    );
  }
}

/** Refuses paths that the server refuses, and those into arrays. */
export function checkPath(path: string): string[] {
  const names = path.split('.');
  for (const name of names) {
    if (name === '') throw badValue(`The update path '${path}' contains an empty field name.`);
    if (/^\$(?:\[.*\])?$/.test(name)) throw notImplemented(`the positional operator '${name}'`);
    if (name.startsWith('$')) {
      throw new MongoFault(
        52,
        `The dollar ($) prefixed field '${name}' in '${path}' is not allowed in the context of an update`,
      );
    }
  }
  return names;
}
