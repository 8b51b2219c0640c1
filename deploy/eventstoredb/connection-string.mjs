import { readFileSync } from 'node:fs';
import { URLSearchParams } from 'node:url';
import { Fault } from './fault.mjs';

/**
 * @typedef {{ username: string, password: string }} Credentials
 * @typedef {{ hosts: { host: string, port: number }[], credentials: Credentials, ca: Buffer | undefined }} Server
 */

const SHAPE =
  /^esdb(?:\+discover)?:\/\/(?:(?<user>[^:@/]+):(?<password>[^@]+)@)?(?<hosts>[^/?]+)\/?(?:\?(?<options>.*))?$/;

/**
 * What the HTTP calls need to know of a connection string; the client reads the rest itself.
 *
 * @param {string} url
 * @returns {Server}
 */
export function parseConnectionString(url) {
  const { user, password, hosts = '', options } = SHAPE.exec(url.trim())?.groups ?? {};
  if (hosts === '') {
    throw new Fault(
      'EVENTSTOREDB_ADMIN_URL must look like esdb://admin:PASSWORD@host:2113?tlsCAFile=ca.crt',
    );
  }
  if (user === undefined || password === undefined) {
    throw new Fault(
      'EVENTSTOREDB_ADMIN_URL names no user: it must be one of $admins, such as admin, with its password. ' +
        'Characters other than letters and digits are percent-encoded there',
    );
  }
  const given = new Map(
    [...new URLSearchParams(options)].map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (given.get('tls') === 'false') {
    throw new Fault(
      'EVENTSTOREDB_ADMIN_URL has tls=false: a server without TLS knows no users, and whoever reaches it may do all',
    );
  }
  return {
    hosts: hosts.split(',').map(hostAndPort),
    credentials: { username: decodeURIComponent(user), password: decodeURIComponent(password) },
    ca: readAuthority(given.get('tlscafile')),
  };
}

/** @param {string} text */
function hostAndPort(text) {
  const [, host = text, port = '2113'] = /^(.*?)(?::(\d+))?$/.exec(text.trim()) ?? [];
  return { host, port: Number(port) };
}

/** @param {string | undefined} file */
function readAuthority(file) {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Fault(`the file ${file}, named by tlsCAFile, cannot be read: ${error.message}`);
  }
}
