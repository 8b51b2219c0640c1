import { MongoFault } from '../bson/errors.js';
import type { Connection } from '../wire/connection.js';
import {
  beginScram,
  scramCredentials,
  type ScramCredentials,
  type ScramExchange,
} from './scram.js';

/** The one user of a server, who may do everything. */
export interface User {
  readonly name: string;
  /** Of ASCII characters. */
  readonly password: string;
}

/** What a client asks for when it begins to sign in. */
export interface Attempt {
  readonly database: string;
  readonly mechanism: string;
  readonly payload: string;
  /** Whether the exchange may end with the server's proof, without a message of the client after it. */
  readonly skipEmptyExchange: boolean;
}

/** An answer to a client that signs in. */
export interface Step {
  readonly done: boolean;
  readonly payload: string;
}

interface Conversation {
  readonly exchange: ScramExchange;
  readonly skipEmptyExchange: boolean;
  isProved: boolean;
}

export const MECHANISM = 'SCRAM-SHA-256';
/** The database that knows the user. */
export const USERS_IN = 'admin';

const failed = (): MongoFault => new MongoFault(18, 'Authentication failed.');

/** Who may give commands. Without a user everybody may, as at a server that runs without `--auth`. */
export class SignIn {
  readonly #conversations = new WeakMap<Connection, Conversation>();
  readonly #signedIn = new WeakSet<Connection>();

  private constructor(
    private readonly name: string | undefined,
    private readonly credentials: ScramCredentials | undefined,
  ) {}

  static async as(user: User | undefined): Promise<SignIn> {
    return new SignIn(user?.name, user && (await scramCredentials(user.password)));
  }

  /** @throws MongoFault 13 when the client has to sign in first */
  demand(connection: Connection, command: string): void {
    if (this.credentials === undefined || this.#signedIn.has(connection)) return;
    throw new MongoFault(13, `Command ${command} requires authentication`);
  }

  /** The name of the user who has signed in on a connection. */
  userOf(connection: Connection): string | undefined {
    return this.#signedIn.has(connection) ? this.name : undefined;
  }

  /** Whether there is such a user, named with its database, as `admin.keytrail`. */
  knows(user: string): boolean {
    return this.credentials !== undefined && user === `${USERS_IN}.${this.name ?? ''}`;
  }

  /** @throws MongoFault 18 when there is no such user, 334 when the mechanism is another */
  begin(
    connection: Connection,
    { database, mechanism, payload, skipEmptyExchange }: Attempt,
  ): Step {
    if (mechanism !== MECHANISM) {
      throw new MongoFault(
        334,
        `Received authentication for mechanism ${mechanism} which is unknown or not enabled`,
      );
    }
    const exchange = beginScram(payload, (name) =>
      this.knows(`${database}.${name}`) ? this.credentials : undefined,
    );
    if (exchange === undefined) throw failed();
    this.#conversations.set(connection, { exchange, skipEmptyExchange, isProved: false });
    return { done: false, payload: exchange.serverFirst };
  }

  /** @throws MongoFault 18 when the client does not know the password, 17 when it has not begun */
  proceed(connection: Connection, payload: string): Step {
    const conversation = this.#conversations.get(connection);
    if (conversation === undefined) throw new MongoFault(17, 'No SASL session state found');
    if (conversation.isProved && payload === '') return this.#end(connection, '');
    const proof = conversation.isProved ? undefined : conversation.exchange.finish(payload);
    if (proof === undefined) {
      this.#conversations.delete(connection);
      throw failed();
    }
    if (conversation.skipEmptyExchange) return this.#end(connection, proof);
    conversation.isProved = true;
    return { done: false, payload: proof };
  }

  #end(connection: Connection, payload: string): Step {
    this.#conversations.delete(connection);
    this.#signedIn.add(connection);
    return { done: true, payload };
  }
}
