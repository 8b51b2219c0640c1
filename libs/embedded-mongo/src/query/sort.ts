import type { Document } from 'bson';
import { asNumber } from '../bson/codec.js';
import { writeKey } from '../bson/key-encoding.js';
import { KeyWriter } from '../bson/key-writer.js';
import { badValue, MongoFault, notImplemented } from '../errors.js';
import { NULL_KEY } from '../storage/index-keys.js';
import { parsePath, visitPath, type Path } from './path.js';
import { BsonType, ElementReader, type RawValue } from '../bson/raw.js';

export interface SortField {
  readonly path: string;
  readonly descending: boolean;
}

export function parseSort(sort: Document | undefined): SortField[] {
  return Object.entries(sort ?? {}).map(([path, direction]: [string, unknown]) => {
    const order = asNumber(direction);
    if (order === undefined) throw notImplemented('$meta sort');
    if (order !== 1 && order !== -1) {
      throw badValue('$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    if (path === '' || path.startsWith('$'))
      throw badValue(`FieldPath field names may not be '${path}'`);
    return { path, descending: order === -1 };
  });
}

const writer = new KeyWriter();
const part = new KeyWriter();

function encodePart(value: RawValue): Buffer {
  if (value.type === BsonType.missing) return NULL_KEY;
  writeKey(part.reset(), value.buf, value.type, value.start, value.end);
  return part.take();
}

/** Arrays sort by their smallest element ascending, by their largest descending. */
function extreme(raw: Buffer, path: Path, descending: boolean): Buffer {
  let best: Buffer | undefined;
  const offer = (key: Buffer): void => {
    const better =
      best === undefined || (descending ? key.compare(best) > 0 : key.compare(best) < 0);
    if (better) best = key;
  };
  visitPath(raw, 0, path, (value) => {
    if (value.type !== BsonType.array) {
      offer(encodePart(value));
      return false;
    }
    const reader = new ElementReader(value.buf, value.start);
    let empty = true;
    while (reader.next()) {
      empty = false;
      offer(encodePart(reader.value()));
    }
    if (empty) offer(EMPTY_ARRAY);
    return false;
  });
  return best ?? NULL_KEY;
}

/** An empty array sorts before null. */
const EMPTY_ARRAY = Buffer.from([0x03]);

/** Builds the byte key by which documents sort. */
export function sortKeyer(sort: readonly SortField[]): (raw: Buffer) => Buffer {
  const fields = sort.map(({ path, descending }) => ({ path: parsePath(path), descending }));
  return (raw) => {
    writer.reset();
    for (const { path, descending } of fields) {
      const key = extreme(raw, path, descending);
      const from = writer.length;
      writer.bytes(key);
      if (descending) writer.invertFrom(from);
    }
    return writer.take();
  };
}

/** Memory one sort may take, as on the real server. */
export const SORT_LIMIT_BYTES = 100 * 1024 * 1024;

interface Sortable<T> {
  readonly key: Buffer;
  readonly order: number;
  readonly item: T;
  readonly sizeBytes: number;
}

/**
 * Sorts in memory by byte key, first come first for equal ones; with a limit it keeps only the first
 * `limit`. Beyond 100 MiB it refuses with error 292.
 */
export class Sorter<T> {
  #items: Sortable<T>[] = [];
  #bytes = 0;
  #count = 0;

  constructor(private readonly limit = Infinity) {}

  add(key: Buffer, item: T, sizeBytes: number): void {
    this.#items.push({ key, order: this.#count, item, sizeBytes });
    this.#count += 1;
    this.#bytes += sizeBytes;
    if (this.#items.length >= this.limit * 2 + 1000) this.#trim();
    if (this.#bytes > SORT_LIMIT_BYTES) {
      throw new MongoFault(
        292,
        `Executor error during find command :: caused by :: Sort exceeded memory limit of ${SORT_LIMIT_BYTES} bytes, but did not opt in to external sorting.`,
      );
    }
  }

  #trim(): void {
    this.#order();
    this.#items.length = Math.min(this.#items.length, this.limit);
    this.#bytes = this.#items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  #order(): void {
    this.#items.sort((left, right) => left.key.compare(right.key) || left.order - right.order);
  }

  drain(): T[] {
    this.#order();
    const items = this.#items.slice(0, this.limit).map(({ item }) => item);
    this.#items = [];
    return items;
  }
}
