import { createPrivateKey, KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** PEM texts, and the file that clients are to trust. */
export interface StoredCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly certificateFile: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const VALID_MS = 3_650 * DAY_MS;
/** Made anew at the start when it is good for less than this. */
const RENEW_MS = 365 * DAY_MS;

/**
 * The certificate of the embedded event store, which it has because clients send a password over TLS only.
 * It is made at the first start, kept in `dataDir` for its owner, and stays the same over restarts, so that
 * clients which have read it go on. It is good for this machine only: `localhost`, 127.0.0.1 and ::1.
 */
export async function certificateIn(dataDir: string, now = Date.now()): Promise<StoredCertificate> {
  const certificateFile = join(dataDir, 'eventstore.crt');
  const keyFile = join(dataDir, 'eventstore.key');
  const kept = await read(certificateFile, keyFile);
  if (kept && isGood(kept, now)) return { ...kept, certificateFile };
  const made = await make(now);
  await replace(keyFile, made.key);
  await replace(certificateFile, made.certificate);
  return { ...made, certificateFile };
}

type Pair = Omit<StoredCertificate, 'certificateFile'>;

async function read(certificateFile: string, keyFile: string): Promise<Pair | undefined> {
  try {
    return {
      certificate: await readFile(certificateFile, 'utf8'),
      key: await readFile(keyFile, 'utf8'),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isGood({ certificate, key }: Pair, now: number): boolean {
  try {
    const parsed = new X509Certificate(certificate);
    const isLasting = Date.parse(parsed.validTo) - now > RENEW_MS;
    return isLasting && parsed.checkPrivateKey(createPrivateKey(key));
  } catch {
    // A file that was cut off is no certificate.
    return false;
  }
}

async function make(now: number): Promise<Pair> {
  // Needed once in the life of a data directory; loading it takes a while.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Keytrail embedded event store',
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + VALID_MS),
    signingAlgorithm: signing,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { certificate: `${certificate.toString('pem')}\n`, key: String(key) };
}

/** A reader finds the old file or the new one, and nobody but the owner reads either. */
async function replace(file: string, text: string): Promise<void> {
  const next = `${file}.new`;
  await writeFile(next, text, { mode: 0o600, flush: true });
  await rename(next, file);
}
