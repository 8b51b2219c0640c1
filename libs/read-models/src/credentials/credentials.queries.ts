import { newestOnly, ReadModelError } from '@keytrail/projections';
import { readLimit } from '../common/read-limit.js';
import type { ReadModels } from '../common/keytrail-model.js';
import type { CredentialDocument } from './credentials.projection.js';

export interface Credential {
  readonly keyId: string;
  readonly accountId: string;
  readonly name: string;
  readonly keyPrefix: string;
  readonly status: 'Active' | 'Revoked';
  readonly secretHash: string;
}

/**
 * Looks up many keys in one find on the primary. What it finds is what the last acknowledged
 * `writeSynchronously` of any process has left; nothing is kept for the next call.
 *
 * @param hashes SHA-256 of whole keys, hexadecimal
 * @returns the known ones by hash
 * @throws ReadModelError `read_model_behind` when the database was lost from sight meanwhile, and may be
 *   an older copy that lacks revocations
 */
export async function findCredentials(
  { client, views }: ReadModels,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, Credential>> {
  const { doubts } = views;
  const view = await views.current();
  const found = await view
    .collection<CredentialDocument>('credentials')
    .find(
      { secretHash: { $in: [...hashes] } },
      { ...readLimit, ...newestOnly(client), batchSize: hashes.length + 1 },
    )
    .toArray();
  if (views.doubts !== doubts) {
    throw new ReadModelError('read_model_behind', 'The database was lost from sight in a look-up');
  }
  return new Map(found.map((document) => [document.secretHash ?? '', toCredential(document)]));
}

const toCredential = (document: CredentialDocument): Credential => ({
  keyId: document._id,
  accountId: document.accountId,
  name: document.name ?? '',
  keyPrefix: document.keyPrefix ?? '',
  status: document.status,
  secretHash: document.secretHash ?? '',
});
