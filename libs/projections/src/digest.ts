import type { ClientSession, Document } from 'mongodb';
import { createHash, type Hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sidesOf } from './read-model.js';
import type { ReadModels } from './read-models.js';
import { entryId, type RegistryEntry } from './registry.js';

export interface Digests {
  readonly model: string;
  readonly documents: { readonly old: number; readonly new: number };
  /** SHA-256 over all documents in the order of their ids, with their fields in order. */
  readonly old: string;
  readonly new: string;
}

const chunkSize = 2_000;
const attempts = 50;
const retryMs = 50;

/**
 * Compares the generation that was replaced with the one that is read now, while both are being
 * written: piece by piece, each piece of both read at one moment.
 *
 * @returns `null` when there is no generation left to compare with
 */
export async function compareGenerations(
  readModels: ReadModels,
  model: string,
): Promise<Digests | null> {
  const hashes = { old: createHash('sha256'), new: createHash('sha256') };
  const documents = { old: 0, new: 0 };
  for (const side of sidesOf(readModels.models, model)) {
    let after: string | undefined = '';
    while (after !== undefined) {
      const piece: Piece | null = await readPiece(readModels, model, side, after);
      if (piece === null) return null;
      documents.old += add(hashes.old, piece.old);
      documents.new += add(hashes.new, piece.new);
      after = piece.next;
    }
  }
  return { model, documents, old: hashes.old.digest('hex'), new: hashes.new.digest('hex') };
}

interface Piece {
  readonly old: readonly string[];
  readonly new: readonly string[];
  /** The id to go on after. */
  readonly next: string | undefined;
}

/** Reads again for a while when the two differ: a synchronous write reaches one before the other. */
async function readPiece(
  readModels: ReadModels,
  model: string,
  side: string,
  after: string,
): Promise<Piece | null> {
  for (let attempt = 1; ; attempt += 1) {
    const piece = await readModels.client.withSession((session) =>
      session.withTransaction(() => readOnce(readModels, model, side, after, session), {
        readConcern: { level: 'snapshot' },
      }),
    );
    if (piece === null || attempt === attempts || same(piece)) return piece;
    await pause(retryMs);
  }
}

const same = (piece: Piece): boolean => piece.old.join('\n') === piece.new.join('\n');

async function readOnce(
  { registry }: ReadModels,
  model: string,
  side: string,
  after: string,
  session: ClientSession,
): Promise<Piece | null> {
  const entries = await registry.load(session);
  const [active, previous] = [entries.get(model), entries.get(entryId(model, 'previous'))];
  if (!active || !previous) return null;
  const read = (entry: RegistryEntry, until?: string) =>
    registry
      .collectionOf<{ _id: string }>(entry, side)
      .find({ _id: { $gt: after, ...(until !== undefined && { $lte: until }) } }, { session })
      .sort({ _id: 1 })
      .limit(until === undefined ? chunkSize : 2 * chunkSize)
      .toArray();
  const found = await read(active);
  const next = found.length === chunkSize ? found.at(-1)?._id : undefined;
  return {
    old: (await read(previous, next)).map(canonical),
    new: found.map(canonical),
    next,
  };
}

function add(hash: Hash, lines: readonly string[]): number {
  for (const line of lines) hash.update(line + '\n');
  return lines.length;
}

/** One text for one document, whatever the order in which its fields were written. */
const canonical = (document: Document): string =>
  JSON.stringify(document, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
