import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

type Answers = Readonly<Record<string, readonly [status: number, body: unknown]>>;

export const leader = { members: [{ state: 'Leader', isAlive: true }] };

export interface FakeNode {
  readonly port: number;
  close(): Promise<void>;
}

/** A server that gives fixed answers by path, as far as a script comes that is refused early. */
export async function startFakeNode(
  certificates: string | undefined,
  answers: Answers,
): Promise<FakeNode> {
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    const [status, body] = answers[request.url ?? ''] ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server: Server =
    certificates === undefined
      ? createPlainServer(respond)
      : createServer(
          {
            cert: await readFile(join(certificates, 'node1.crt')),
            key: await readFile(join(certificates, 'node1.key')),
          },
          respond,
        );
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
