import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { readFile } from 'node:fs/promises';

interface Reference {
  readonly $ref: string;
}
interface DescribedAnswer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}
export interface Operation {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, DescribedAnswer | Reference>>;
}
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | null | undefined;
  readonly text: string;
}

/** The API as openapi.json describes it, to hold against what it answers. */
export class DescribedApi {
  private readonly ajv = formats.default(new Ajv({ strict: false, allErrors: true }));

  private constructor(readonly document: OpenApiDocument) {
    this.ajv.addSchema(document, 'openapi.json');
  }

  static async read(): Promise<DescribedApi> {
    return new DescribedApi(JSON.parse(await readFile('openapi.json', 'utf8')) as OpenApiDocument);
  }

  /** Each operation as `get /v1/me`, with its description. */
  get operations(): (readonly [name: string, operation: Operation])[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => [`${method} ${path}`, one] as const),
    );
  }

  /** In what an answer differs from its description; `null` when in nothing. */
  differenceOf(method: string, path: string, { status, header, text }: Answer): string | null {
    const at = ['paths', path, method, 'responses', String(status)];
    const given = this.document.paths[path]?.[method]?.responses[status];
    if (!given) return `${status} is not described`;
    const pointer = '$ref' in given ? given.$ref : pointerTo(at);
    const answer = this.at(pointer) as DescribedAnswer;
    const missing = Object.keys(answer.headers ?? {}).filter((name) => !header(name));
    if (missing.length > 0) return `${status} has no ${missing.join(', ')}`;
    if (!answer.content) return null;
    const type = header('content-type')?.split(';')[0] ?? '';
    const content = answer.content[type];
    if (!content) return `${status} is ${type}`;
    if (!content.schema || !type.endsWith('json')) return null;
    const body = JSON.parse(text) as { readonly code?: string };
    if (status >= 400 && body.code && !answer.description.includes(`\`${body.code}\``))
      return `${status} ${body.code} is not described`;
    const schema = pointer + pointerTo(['content', type, 'schema']).slice(1);
    const isValid = this.ajv.validate({ $ref: `openapi.json${schema}` }, body);
    return isValid ? null : `${status}: ${this.ajv.errorsText()}`;
  }

  /** The part of the document that a `#/…` pointer names. */
  at(pointer: string): unknown {
    const names = pointer
      .slice(2)
      .split('/')
      .map((name) => decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~'));
    return names.reduce<unknown>(
      (value, name) => (value as Readonly<Record<string, unknown>>)[name],
      this.document,
    );
  }
}

/** A JSON pointer as the fragment of a URI. */
const pointerTo = (names: readonly string[]): string =>
  `#${names.map((name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;
