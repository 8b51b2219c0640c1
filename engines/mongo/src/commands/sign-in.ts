import { BsonType } from '../bson/raw.js';
import { MongoFault } from '../bson/errors.js';
import { MECHANISM, USERS_IN, type Step } from '../sessions/sign-in.js';
import type { Reply } from '../wire/message.js';
import { documentField, flagField, textField, type CommandContext } from './context.js';

/** A connection signs in once, so that one number serves all. */
const CONVERSATION = 1;
/** The length and the subtype that stand before the bytes of a binary value. */
const BINARY_HEAD_BYTES = 5;

function payloadOf({ command }: CommandContext): string {
  const value = command.body.at('payload');
  if (value.type !== BsonType.binary) {
    throw new MongoFault(14, "BSON field 'payload' is the wrong type, expected binData");
  }
  return value.bytes.toString('utf8', BINARY_HEAD_BYTES);
}

const reply = ({ done, payload }: Step): Reply => ({
  conversationId: CONVERSATION,
  done,
  payload: Buffer.from(payload),
  ok: 1,
});

export function saslStart(context: CommandContext): Reply {
  const { body, database } = context.command;
  const options = documentField(body, 'options')?.fields();
  return reply(
    context.signIn.begin(context.connection, {
      database,
      mechanism: textField(body, 'mechanism') ?? '',
      payload: payloadOf(context),
      skipEmptyExchange: options !== undefined && flagField(options, 'skipEmptyExchange') === true,
    }),
  );
}

export const saslContinue = (context: CommandContext): Reply =>
  reply(context.signIn.proceed(context.connection, payloadOf(context)));

export function connectionStatus({ connection, signIn }: CommandContext): Reply {
  const user = signIn.userOf(connection);
  const isNamed = user !== undefined;
  return {
    authInfo: {
      authenticatedUsers: isNamed ? [{ user, db: USERS_IN }] : [],
      authenticatedUserRoles: isNamed ? [{ role: 'root', db: USERS_IN }] : [],
      authenticatedUserPrivileges: [],
    },
    ok: 1,
  };
}

/** What `hello` tells a client that asks how a user signs in. */
export function mechanismsOf({
  command,
  signIn,
}: CommandContext): Readonly<Record<string, unknown>> {
  const user = command.body.at('saslSupportedMechs').text;
  return user !== undefined && signIn.knows(user) ? { saslSupportedMechs: [MECHANISM] } : {};
}
