import { once } from 'node:events';
import { connect } from 'node:net';
import { startTestApp } from '../harness/app.js';
import type { TestApp } from '../harness/app.js';

const PATIENCE_MS = 45_000;

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

/** Sends bytes as they are and reads what comes until the other side hangs up. */
async function exchange(sent: string): Promise<{ head: string; body: Record<string, unknown> }> {
  const socket = connect(Number(new URL(app.baseUrl).port), '127.0.0.1');
  socket.setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  socket.write(sent);
  // A connection that stays open would hold up the end of the tests as well.
  const patience = setTimeout(() => socket.destroy(), PATIENCE_MS);
  await once(socket, 'close');
  clearTimeout(patience);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { head, body: JSON.parse(body) as Record<string, unknown> };
}

const request = (...lines: string[]): string => [...lines, 'host: localhost', '', ''].join('\r\n');

describe('what is no request', () => {
  it.each([
    ['an unknown method', request('BREW /v1/me HTTP/1.1'), 400, 'invalid_request'],
    ['no HTTP', 'hello\r\n\r\n', 400, 'invalid_request'],
    [
      'a length that is none',
      request('POST /v1/api-keys HTTP/1.1', 'content-length: x'),
      400,
      'invalid_request',
    ],
    [
      'headers of 20 KB',
      request('GET /v1/me HTTP/1.1', `x: ${'x'.repeat(20_000)}`),
      431,
      'headers_too_large',
    ],
  ])('%s is refused with a problem document', async (_, sent, status, code) => {
    const { head, body } = await exchange(sent);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('content-type: application/problem+json');
    expect(body).toMatchObject({ status, code, type: `urn:keytrail:problem:${code}` });
    expect(head).toContain(`x-request-id: ${String(body['requestId'])}`);
    expect(app.logLines.join('')).toContain(String(body['requestId']));
  });

  it('408: a connection on which nothing comes is ended', async () => {
    const { head, body } = await exchange('');
    expect(head).toMatch(/^HTTP\/1.1 408 /);
    expect(body).toMatchObject({ code: 'request_timeout' });
  });

  it('408: a body that never ends is cut, and does not keep its connection', async () => {
    const begun = request(
      'POST /api/auth/sign-in/email HTTP/1.1',
      'content-type: application/json',
      'content-length: 1000',
    );
    const { head, body } = await exchange(`${begun}{"email":`);
    expect(head).toMatch(/^HTTP\/1.1 408 /);
    expect(body).toMatchObject({ code: 'request_timeout' });
  });
});
