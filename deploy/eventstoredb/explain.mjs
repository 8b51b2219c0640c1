const UNTRUSTED =
  'its certificate is not signed by an authority that is trusted here; name the file of its authority with ' +
  'tlsCAFile=FILE in the connection string';
const UNREACHABLE = 'nothing answers there; is it running, and is this its address?';

/** What the system and the TLS library call it, in the words of an operator. */
const connectionFaults = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; is the clock of this machine right?',
  ECONNREFUSED: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENOTFOUND: 'there is no machine of this name',
  EAI_AGAIN: 'there is no machine of this name, or names cannot be looked up now',
  ECONNRESET: 'it ended the connection; it may be starting or stopping',
  EPROTO: 'it does not speak TLS there; a server that runs with --insecure knows no users',
};

/**
 * @param {NodeJS.ErrnoException & { reason?: string }} error of a connection
 * @param {{ host: string, port: number }} endpoint
 */
export function explainConnection(error, { host, port }) {
  const { code = '', message, reason } = error;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `EventStoreDB at ${host}:${port}: its certificate is for other names (${reason}); use one of these in the connection string`;
  }
  return `EventStoreDB at ${host}:${port}: ${connectionFaults[code] ?? message ?? code}`;
}

/** @param {NodeJS.ErrnoException} error of a connection to a server that may be starting */
export const isPassingFailure = ({ code }) =>
  ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'].includes(code);

/**
 * What an answer other than success means.
 *
 * @param {number} status
 * @param {string} username who asked
 */
export function explainStatus(status, username) {
  if (status === 401) {
    return (
      `EventStoreDB refuses the user ${username}: the password in EVENTSTOREDB_ADMIN_URL is wrong, or ${username} is ` +
      'not one of $admins. EVENTSTORE_DEFAULT_ADMIN_PASSWORD sets the password of admin at the very first start of ' +
      'a server only'
    );
  }
  if (status === 403) return `EventStoreDB: the user ${username} is not one of $admins`;
  if (isPassing(status)) return `EventStoreDB is not ready (${status}); it may be starting`;
  return `EventStoreDB answers ${status}`;
}

/** @param {number} status that may be another one in a moment */
export const isPassing = (status) => status === 408 || status === 503 || status === 307;

/**
 * @param {unknown} error of the client of EventStoreDB
 * @param {string} username who asked
 */
export function explainCall(error, username) {
  const type = error?.type;
  if (type === 'access-denied') return explainStatus(401, username);
  if (type === 'deadline-exceeded' || type === 'timeout') {
    return 'EventStoreDB does not answer in time; without most of its nodes a cluster cannot write';
  }
  if (type === 'wrong-expected-version') {
    return 'EventStoreDB: somebody else changed the same rights at the same moment; run this again';
  }
  if (type === 'not-leader') return 'EventStoreDB has another leader now';
  return `EventStoreDB: ${error?.message || String(error)}`;
}
