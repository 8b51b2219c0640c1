import { messageOf } from '@keytrail/platform';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import {
  startTestApp,
  type IssuedKey,
  type SignedUp,
  type TestApp,
} from '../../apps/api/test/harness/app.js';
import { DescribedApi, type Operation } from '../support/described.js';
import { valuesFor, type Resolve, type Schema } from './from-schema.js';

/** How many requests each operation gets; `npm run test:fuzz` makes more. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? '300');
const seed = Number(process.env['FUZZ_SEED'] ?? randomBytes(4).readInt32BE());

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema;
}

interface Request {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly contentType: string;
  readonly caller: Caller;
}

type Caller = 'owner' | 'key' | 'nobody' | 'broken';

const api = await DescribedApi.read();
const operations = Object.entries(api.document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
);

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

describe.each(operations)('$method $path', ({ method, path, operation }) => {
  let owner: SignedUp;
  let key: IssuedKey;

  beforeEach(async () => {
    owner = await app.signUp('Ada');
    key = await app.createKey(owner.cookie);
  });

  it(`answers ${numRuns} requests as it is described, and never with 5xx`, async () => {
    const holds = async (request: Request): Promise<void> => {
      const answer = await send(request);
      const { status } = answer;
      const header = (name: string): string | null => answer.headers.get(name);
      const read = { status, header, text: await textOf(answer) };
      const difference = api.differenceOf(method, path, read);
      if (difference !== null) throw new Error(difference);
      if (status >= 500) throw new Error(`${status} ${read.text}`);
    };
    const property = fc.asyncProperty(requestsFor(operation), holds);
    const result = await fc.check(property, { numRuns, seed, endOnFailure: true });
    expect(result.failed ? told(result) : 'as described').toBe('as described');
  }, 3_600_000);

  function send({ path: parts, query, headers, body, contentType, caller }: Request) {
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => asPart(parts[name], key));
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [name, asText(value)] as [string, string]),
    ).toString();
    return fetch(`${app.baseUrl}${address}${search === '' ? '' : `?${search}`}`, {
      method: method.toUpperCase(),
      headers: {
        'x-forwarded-for': `10.${randomBytes(3).join('.')}`,
        ...credentialsOf(caller),
        ...Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, asHeader(asText(value))]),
        ),
        ...(operation.requestBody ? { 'content-type': contentType } : {}),
      },
      ...(operation.requestBody ? { body: asBody(body) } : {}),
    });
  }

  function credentialsOf(caller: Caller): Record<string, string> {
    if (caller === 'owner') return { cookie: owner.cookie };
    if (caller === 'key') return { authorization: `Bearer ${key.apiKey}` };
    return caller === 'nobody' ? {} : { authorization: 'Bearer axk_', cookie: 'x=y; =' };
  }
});

/** What was asked and what is wrong with the answer, and how to ask it again. */
function told({
  counterexample,
  errorInstance,
  counterexamplePath,
}: fc.RunDetails<[Request]>): string {
  const short = (_: string, value: unknown): unknown =>
    typeof value === 'string' && value.length > 200
      ? `${value.slice(0, 50)}… (${value.length} characters)`
      : value;
  const request = JSON.stringify(counterexample?.[0], short);
  const again = `FUZZ_SEED=${seed}, run ${counterexamplePath ?? '?'}`;
  return `${messageOf(errorInstance)}: ${request} (${again})`;
}

/** A stream of events has no end: its head is all that is looked at. */
async function textOf(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return answer.text();
  await answer.body?.cancel();
  return '';
}

function requestsFor(operation: Operation): fc.Arbitrary<Request> {
  const parameters = (operation.parameters ?? []) as readonly Parameter[];
  const values = (place: string, optional: boolean) => {
    const fields = parameters
      .filter((one) => one.in === place)
      .map(({ name, schema = {} }) => [name, valuesFor(schema, resolve)] as const);
    const names = fields.map(([name]) => name);
    return fc.record(Object.fromEntries(fields), { requiredKeys: optional ? [] : names });
  };
  const schema = (
    operation.requestBody as { content: Record<string, { schema: Schema }> } | undefined
  )?.content['application/json']?.schema;
  const callers: Caller[] = ['owner', 'owner', 'key', 'nobody', 'broken'];
  const onlyKeys = operation.security?.length === 1 && 'bearer' in (operation.security[0] ?? {});
  return fc.record({
    path: values('path', false),
    query: fc.oneof(
      { weight: 5, arbitrary: values('query', true) },
      { weight: 1, arbitrary: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }) },
    ),
    headers: values('header', true),
    body: valuesFor(schema ?? {}, resolve),
    contentType: fc.oneof(
      { weight: 9, arbitrary: fc.constant('application/json') },
      { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/json; charset=x', 'x') },
    ),
    caller: fc.constantFrom(...callers, ...(onlyKeys ? (['key', 'key', 'key'] as const) : [])),
  });
}

const resolve: Resolve = (schema) =>
  schema.$ref === undefined ? schema : (api.at(schema.$ref) as Schema);

const asText = (value: unknown): string =>
  (typeof value === 'string' ? value : asBody(value)).toWellFormed();

/** Now and then the one that is there. */
const asPart = (value: unknown, { apiKeyId }: IssuedKey): string => {
  const text = asText(value).slice(0, 2_000);
  if (/^[.]{0,2}$/.test(text)) return apiKeyId;
  return /^%[0-9a-z]{0,2}$/i.test(text) ? text : encodeURIComponent(text);
};

/** The client sends no others. */
const asHeader = (text: string): string =>
  text.replace(/[^\x20-\x7e\x80-\xff]/g, '?').slice(0, 4_000);

const asBody = (value: unknown): string => JSON.stringify(value);
