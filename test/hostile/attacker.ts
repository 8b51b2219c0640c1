import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

type Headers = Readonly<Record<string, string>>;

export interface Shot {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Headers;
  readonly body?: unknown;
}

const BETWEEN_CONNECTIONS_MS = 5;

/** Somebody who sends whatever they can, from an address of their own, and cares for no answer. */
export class Attacker {
  private readonly agent: Agent;
  private readonly sockets = new Set<Socket>();
  /** How often each status was answered. */
  readonly statuses = new Map<number, number>();

  constructor(
    readonly url: string,
    private readonly address: string,
    private readonly signal: AbortSignal,
  ) {
    this.agent = new Agent({ keepAlive: true, localAddress: address });
  }

  /** Sends requests over and over, so many at a time, until it is over. */
  async flood(atOnce: number, shot: (index: number) => Shot): Promise<void> {
    let sent = 0;
    const work = async (): Promise<void> => {
      while (!this.signal.aborted) {
        await this.send(shot((sent += 1)));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  /** Opens so many connections, sends something on each, reads nothing of what comes and stays. */
  async hang(connections: number, sent: string): Promise<void> {
    const { hostname: host, port } = new URL(this.url);
    while (!this.signal.aborted) {
      if (this.sockets.size < connections) this.open({ host, port: Number(port) }, sent);
      else await pause(BETWEEN_CONNECTIONS_MS);
      if (this.sockets.size % 50 === 0) await pause(BETWEEN_CONNECTIONS_MS);
    }
  }

  close(): void {
    this.agent.destroy();
    for (const socket of this.sockets) socket.destroy();
  }

  private open(to: { host: string; port: number }, sent: string): void {
    const socket = connect({ ...to, localAddress: this.address }).pause();
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.sockets.delete(socket));
    if (sent !== '') socket.write(sent);
  }

  private send({ path, method = 'GET', headers = {}, body }: Shot): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        resolve();
      };
      const text = body === undefined ? '' : JSON.stringify(body);
      const asked = request(this.url + path, {
        ...{ method, agent: this.agent },
        headers: { ...headers, ...(text !== '' && { 'content-type': 'application/json' }) },
      });
      asked.once('response', (answer: IncomingMessage) => {
        const status = answer.statusCode ?? 0;
        this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
        answer.resume();
        answer.once('close', done);
      });
      asked.once('error', done);
      asked.end(text);
    });
  }
}

/** A request as it goes over the wire. */
export const onTheWire = (path: string, headers: Headers): string =>
  [
    `GET ${path} HTTP/1.1`,
    'host: localhost',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
