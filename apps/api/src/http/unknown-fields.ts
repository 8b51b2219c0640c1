import type { FieldError } from './problem.js';

const MESSAGE = 'is not a known field';

export const unknownFields = (names: readonly string[]): FieldError[] =>
  names.map((field) => ({ field, message: MESSAGE }));

/**
 * The fields at any level that are named like a member of every object, such as `toString`. The
 * validator asks its tables for them by `[]`, finds what they inherit, and lets them pass.
 */
export function inheritedNames(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name in Object.prototype ? [path + name] : inheritedNames(inner, `${path}${name}.`),
  );
}
