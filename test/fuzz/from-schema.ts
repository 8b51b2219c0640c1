import fc from 'fast-check';

/** The part of JSON Schema that the OpenAPI document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}

export type Resolve = (schema: Schema) => Schema;

/** Texts that have broken services before, and that no schema lets one think of. */
const hostileTexts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e',
  '%',
  '%00',
  '%zz',
  '../..',
  '__proto__',
  'constructor',
  '{"$gt":""}',
  '-0',
  '1e309',
  '9007199254740993',
  '٣',
  '2026-02-30T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '0000-01-01',
  'Café',
  'Cafe\u0301',
  '𝒳'.repeat(120),
];

const text = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(...hostileTexts),
    fc.nat(70_000).map((length) => 'x'.repeat(length)),
  );

/** Any JSON at all, also of the names that JavaScript keeps for itself. */
const anything = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    text(),
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(0, -1, 1.5, 1e21, true, null, [], {}),
    fc.dictionary(fc.constantFrom('__proto__', 'constructor', '$where', 'toString'), text()),
  );

/** Values by the schema, most of the time, and others in between. */
export function valuesFor(schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: fitting(resolve(schema), resolve) },
    { weight: 1, arbitrary: anything() },
  );
}

function fitting(schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map((one) => fitting(resolve(one), resolve)));
  switch (schema.type) {
    case 'object':
      return objects(schema, resolve);
    case 'array':
      return fc.array(valuesFor(schema.items ?? {}, resolve), { maxLength: 5 });
    case 'number':
    case 'integer': {
      const { minimum = -1_000, maximum = 1_000 } = schema;
      return fc.integer({ min: minimum - 1, max: maximum + 1 });
    }
    case 'boolean':
      return fc.boolean();
    case 'string':
      return strings(schema);
    default:
      return anything();
  }
}

function objects({ properties = {}, required = [] }: Schema, resolve: Resolve) {
  const fields = Object.entries(properties).map(
    ([name, schema]) => [name, valuesFor(schema, resolve)] as const,
  );
  const known = fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
  const unknown = fc.dictionary(text(), anything(), { maxKeys: 1 });
  return fc.oneof(
    { weight: 4, arbitrary: known },
    {
      weight: 1,
      arbitrary: fc.tuple(known, unknown).map(([fit, more]) => ({ ...fit, ...more })),
    },
  );
}

function strings({ format, pattern, minLength = 0, maxLength = 80 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  if (format === 'email') return fc.emailAddress();
  if (format === 'date-time') {
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  }
  return fc.string({ unit: 'grapheme', minLength, maxLength });
}
