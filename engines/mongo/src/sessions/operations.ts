import { documentOf } from '../bson/values.js';
import type { Connection } from '../wire/connection.js';
import type { Command } from '../wire/message.js';

/** A command that is being carried out. */
export interface Operation {
  readonly id: number;
  readonly command: Command;
  readonly connection: Connection;
  readonly begunAt: number;
}

/** What the server is at work on, for whoever looks with currentOp. */
export class Operations {
  readonly #running = new Set<Operation>();
  #last = 0;

  begin(command: Command, connection: Connection): Operation {
    this.#last += 1;
    const operation = { id: this.#last, command, connection, begunAt: Date.now() };
    this.#running.add(operation);
    return operation;
  }

  end(operation: Operation): void {
    this.#running.delete(operation);
  }

  /** In the words of currentOp. */
  describe(host: string): Record<string, unknown>[] {
    return [...this.#running].map(({ id, command, connection, begunAt }) => {
      const { name, database, body } = command;
      const ranMs = Date.now() - begunAt;
      return {
        type: 'op',
        host,
        desc: `conn${connection.id}`,
        connectionId: connection.id,
        client: connection.client,
        active: true,
        currentOpTime: new Date().toISOString(),
        opid: id,
        secs_running: Math.floor(ranMs / 1000),
        microsecs_running: ranMs * 1000,
        op: name === 'find' ? 'query' : name.toLowerCase() === 'getmore' ? 'getmore' : 'command',
        ns: `${database}.${namespaceOf(command)}`,
        command: documentOf(body),
      };
    });
  }
}

const namespaceOf = ({ name, body }: Command): string => body.at(name).text ?? '$cmd';
