import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { startTestApp } from '../harness/app.js';
import type { TestApp } from '../harness/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

/** Sends a request as HTTP libraries would not, line by line. */
async function send(...lines: readonly string[]): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(app.baseUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'));
  const answer = await text(socket);
  const body = answer.slice(answer.indexOf('\r\n\r\n'));
  return { status: Number(answer.split(' ', 2)[1]), body };
}

describe('what the sign-in library cannot take is refused and never an error of the server', () => {
  it.each(['TRACE', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('405: %s', async (method) => {
    const { status, body } = await send(
      `${method} /api/auth/get-session HTTP/1.1`,
      'Host: keys.test',
    );
    expect(status).toBe(405);
    expect(body).toContain('"method_not_allowed"');
  });

  it.each([
    ['half an IPv6 address', '['],
    ['a host that is none', 'a b'],
    ['credentials', 'keys.test@evil.test'],
    ['a path', 'keys.test/evil'],
  ])('400: %s as the host', async (_, host) => {
    const asked = ['POST /api/auth/sign-out HTTP/1.1', `Host: ${host}`, 'Origin: http://keys.test'];
    const { status, body } = await send(...asked);
    expect(status).toBe(400);
    expect(body).toContain('"field":"Host"');
  });

  it('400: no host, where one is compared with the origin', async () => {
    const asked = ['POST /api/auth/sign-out HTTP/1.0', 'Origin: http://keys.test'];
    expect((await send(...asked)).status).toBe(400);
    expect((await send('GET /api/auth/get-session HTTP/1.0')).status).toBe(200);
  });

  it('200: a session is known whatever the host of the request', async () => {
    const { cookie } = await app.signUp();
    const { status } = await send('GET /v1/me HTTP/1.1', 'Host: [', `Cookie: ${cookie}`);
    expect(status).toBe(200);
  });

  it('200: an address in absolute form, whatever host it names', async () => {
    const { status } = await send(
      'GET http://other.test/api/auth/get-session HTTP/1.1',
      'Host: keys.test',
    );
    expect(status).toBe(200);
  });

  it('200: hosts as browsers send them', async () => {
    for (const host of ['keys.test', 'keys.test:8080', '127.0.0.1:3000', '[::1]:3000']) {
      expect((await send('GET /api/auth/get-session HTTP/1.1', `Host: ${host}`)).status).toBe(200);
    }
  });
});
