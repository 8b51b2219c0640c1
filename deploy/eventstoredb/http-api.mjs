import { request } from 'node:https';
import { Fault } from './fault.mjs';
import { explainConnection, isPassingFailure } from './explain.mjs';

const TIMEOUT_MS = 5_000;

/** The HTTP interface of EventStoreDB, where its users are kept. Nodes pass on to the leader what only it may do. */
export class HttpApi {
  /** @param {import('./connection-string.mjs').Server} server */
  constructor(server) {
    this.server = server;
  }

  /**
   * One call, of the first node that can be reached.
   *
   * @param {'GET' | 'POST' | 'PUT'} method
   * @param {string} path
   * @param {{ body?: unknown, credentials?: import('./connection-string.mjs').Credentials | null }} [options] null
   *   for a call that names no user
   * @returns {Promise<{ status: number, body: any }>} the body is undefined unless it is JSON
   */
  async call(method, path, options = {}) {
    const failures = [];
    let passing = true;
    for (const host of this.server.hosts) {
      try {
        return await this.ask(host, method, path, options);
      } catch (error) {
        failures.push(explainConnection(error, host));
        passing &&= isPassingFailure(error);
      }
    }
    throw new Fault(failures.join('; '), passing);
  }

  /** @returns {Promise<{ status: number, body: any }>} */
  ask({ host, port }, method, path, { body, credentials = this.server.credentials }) {
    return new Promise((resolve, reject) => {
      const call = request({
        host,
        port,
        method,
        path,
        ca: this.server.ca,
        auth: credentials === null ? undefined : `${credentials.username}:${credentials.password}`,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        timeout: TIMEOUT_MS,
      });
      call.on('timeout', () => call.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
      call.on('error', reject);
      call.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode, body: parse(text) }));
      });
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
