import { DescribedApi } from '../../../../test/support/described.js';
import type { Operation } from '../../../../test/support/described.js';

let api: DescribedApi;

beforeAll(async () => {
  api = await DescribedApi.read();
});

describe('the OpenAPI document', () => {
  /** Those that do not answer as their credentials and their input suggest. */
  const special: Readonly<Record<string, readonly string[]>> = {
    // The credentials are those of another request, whose cookies nobody looks at.
    'get /v1/forward-auth': ['400', '401', '503'],
    'post /v1/invitations/lookup': ['400', '404', '503'],
  };
  const expected = ({ security, parameters = [] }: Operation): readonly string[] => [
    '400',
    ...(security ? ['401', '403', '503'] : []),
    ...(parameters.some((one) => one.in === 'path') ? ['404'] : []),
  ];

  it('describes the problems of each operation that its credentials and its input can lead to', () => {
    const ofV1 = api.operations.filter(([name]) => name.includes(' /v1/'));
    expect(ofV1.length).toBeGreaterThan(15);
    const missing = ofV1.flatMap(([name, operation]) =>
      [...(special[name] ?? expected(operation)), '500']
        .filter((status) => !(status in operation.responses))
        .map((status) => `${name} ${status}`),
    );
    expect(missing).toEqual([]);
  });

  it('describes the content of each answer that has one', () => {
    const empty = api.operations.flatMap(([name, { responses }]) =>
      Object.entries(responses)
        .filter(([, answer]) => !('$ref' in answer) && !answer.content)
        .map(([status]) => `${name} ${status}`),
    );
    expect(empty).toEqual(['get /v1/forward-auth 200']);
  });

  it('tells an answer that differs from it', () => {
    const header = (name: string): string | undefined =>
      ({ 'content-type': 'application/problem+json' })[name];
    const differenceOf = (status: number, body: object): string | null =>
      api.differenceOf('get', '/v1/usage', { status, header, text: JSON.stringify(body) });
    expect(differenceOf(409, {})).toBe('409 is not described');
    expect(differenceOf(503, {})).toBe('503 has no Retry-After');
    expect(differenceOf(400, { code: 'other' })).toBe('400 other is not described');
    expect(differenceOf(400, { code: 'invalid_request' })).toContain("property 'requestId'");
  });
});
