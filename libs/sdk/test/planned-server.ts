import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Keytrail } from '../src/index.js';
import type { KeytrailOptions } from '../src/index.js';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Plan = (asked: Asked, response: ServerResponse) => void;

/** Has the shape of a key. */
export const SOME_KEY = `axk_${'a1B2c3'.repeat(7)}`;

/** A server that answers the first request by the first plan and so on, and all others by the last. */
export class PlannedServer {
  readonly asked: Asked[] = [];
  readonly url: string;
  private readonly server: ReturnType<typeof createServer>;

  private constructor(
    server: ReturnType<typeof createServer>,
    private plans: readonly Plan[],
  ) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.server = server;
    this.url = `http://127.0.0.1:${address.port}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.answer(request, response);
    });
  }

  static async start(...plans: readonly Plan[]): Promise<PlannedServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PlannedServer(server, plans);
  }

  client(options: KeytrailOptions = {}): Keytrail {
    return new Keytrail({ apiKey: SOME_KEY, baseUrl: this.url, ...options });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url = '', headers } = request;
    const asked = { method, url, headers, body };
    this.asked.push(asked);
    const plan = this.plans[Math.min(this.asked.length, this.plans.length) - 1];
    plan?.(asked, response);
  }
}

export const json =
  (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Plan =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(value));
  };

export const problem = (
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Plan =>
  json({ status, code, detail: `It is ${code}.`, requestId: 'req-1' }, status, {
    'content-type': 'application/problem+json; charset=utf-8',
    ...headers,
  });

/** Ends the connection without a word. */
export const drop: Plan = (_, response) => {
  response.destroy();
};

/** Begins an answer and breaks off in the middle of it. */
export const breakOff =
  (contentType: string, text: string): Plan =>
  (_, response) => {
    response.writeHead(200, { 'content-type': contentType });
    response.write(text, () => response.destroy());
  };

/** Never answers. */
export const silence: Plan = () => undefined;
