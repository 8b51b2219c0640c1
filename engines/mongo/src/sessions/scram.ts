import {
  createHash,
  createHmac,
  pbkdf2,
  randomBytes,
  timingSafeEqual,
  type BinaryLike,
} from 'node:crypto';
import { promisify } from 'node:util';

/* The server's side of SCRAM-SHA-256 without channel binding, after RFC 5802 and RFC 7677. */

/** What a server keeps of a password: enough to check a proof, too little to make one. */
export interface ScramCredentials {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

const HASH = 'sha256';
const HASH_BYTES = 32;
/** As many as MongoDB asks of its clients. */
const ITERATIONS = 15_000;
const SALT_BYTES = 28;
const NONCE_BYTES = 24;

const derive = promisify(pbkdf2);
const hmac = (key: BinaryLike, text: string): Buffer => createHmac(HASH, key).update(text).digest();
const sha256 = (data: BinaryLike): Buffer => createHash(HASH).update(data).digest();

/**
 * @param password of ASCII characters, which SASLprep leaves as they are
 * @param salt drawn unless given
 */
export async function scramCredentials(
  password: string,
  salt = randomBytes(SALT_BYTES),
  iterations = ITERATIONS,
): Promise<ScramCredentials> {
  const salted = await derive(password, salt, iterations, HASH_BYTES, HASH);
  const storedKey = sha256(hmac(salted, 'Client Key'));
  return { salt, iterations, storedKey, serverKey: hmac(salted, 'Server Key') };
}

const CLIENT_FIRST = /^(?<header>[ny],,)(?<bare>n=(?<name>[^,]*),r=(?<nonce>[!-+\--~]+)(?:,.*)?)$/;
const CLIENT_FINAL = /^(?<bare>c=(?<binding>[^,]+),r=(?<nonce>[^,]+)(?:,.*)?),p=(?<proof>[^,]+)$/;

/** One attempt of a client to prove that it knows the password. */
export interface ScramExchange {
  /** The server's answer to the first message. */
  readonly serverFirst: string;
  /** The server's answer to the last message, its own proof; undefined when the client has proved nothing. */
  readonly finish: (clientFinal: string) => string | undefined;
}

/**
 * Answers the first message of a client.
 *
 * @param credentialsOf those of a user, if there is such a user
 * @param nonce the server's part of it, drawn unless given
 * @returns undefined when the message is none of SCRAM, or no user's
 */
export function beginScram(
  clientFirst: string,
  credentialsOf: (name: string) => ScramCredentials | undefined,
  nonce = randomBytes(NONCE_BYTES).toString('base64'),
): ScramExchange | undefined {
  const first = CLIENT_FIRST.exec(clientFirst)?.groups;
  const name = first?.['name']?.replaceAll('=2C', ',').replaceAll('=3D', '=');
  const credentials = name === undefined ? undefined : credentialsOf(name);
  if (first === undefined || credentials === undefined) return undefined;
  const { header = '', bare = '' } = first;
  const bothNonces = `${first['nonce'] ?? ''}${nonce}`;
  const { iterations, salt } = credentials;
  const serverFirst = `r=${bothNonces},s=${salt.toString('base64')},i=${iterations}`;
  const finish = (clientFinal: string): string | undefined => {
    const final = CLIENT_FINAL.exec(clientFinal)?.groups;
    if (final?.['nonce'] !== bothNonces) return undefined;
    if (final['binding'] !== Buffer.from(header).toString('base64')) return undefined;
    const proof = Buffer.from(final['proof'] ?? '', 'base64');
    const everything = `${bare},${serverFirst},${final['bare'] ?? ''}`;
    return isProof(proof, credentials, everything)
      ? `v=${hmac(credentials.serverKey, everything).toString('base64')}`
      : undefined;
  };
  return { serverFirst, finish };
}

/** A proof is the client's key, hidden by a signature that only who knows the stored key can make. */
function isProof(proof: Buffer, { storedKey }: ScramCredentials, everything: string): boolean {
  if (proof.length !== HASH_BYTES) return false;
  const signature = hmac(storedKey, everything);
  const clientKey = proof.map((byte, at) => byte ^ (signature[at] ?? 0));
  return timingSafeEqual(sha256(clientKey), storedKey);
}
