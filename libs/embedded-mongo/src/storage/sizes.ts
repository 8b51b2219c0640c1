import type { Database, Transaction } from 'lmdb';

/** What is in a tree, or what a write has changed there. */
export interface Size {
  /** Documents, or entries of an index. */
  readonly entries: number;
  readonly keyBytes: number;
  readonly valueBytes: number;
}

export const NOTHING: Size = { entries: 0, keyBytes: 0, valueBytes: 0 };

export const sum = (one: Size, other: Size): Size => ({
  entries: one.entries + other.entries,
  keyBytes: one.keyBytes + other.keyBytes,
  valueBytes: one.valueBytes + other.valueBytes,
});

/** Sizes by tree, as one write or one transaction adds to them. */
export class SizeChanges {
  readonly #changes = new Map<number, Size>();

  add(treeId: number, change: Size): void {
    this.#changes.set(treeId, sum(this.of(treeId), change));
  }

  of(treeId: number): Size {
    return this.#changes.get(treeId) ?? NOTHING;
  }

  /** Hands out all changes and forgets them. */
  take(): [number, Size][] {
    const changes = [...this.#changes];
    this.#changes.clear();
    return changes;
  }
}

const keyOf = (treeId: number): Buffer => {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(treeId);
  return key;
};

/** The sizes of all trees: stored in LMDB, with those of the write under way on top. */
export class Sizes {
  readonly #changes = new SizeChanges();

  constructor(private readonly db: Database<Buffer, Buffer>) {}

  add(treeId: number, change: Size): void {
    this.#changes.add(treeId, change);
  }

  /** @param snapshot what to look in, instead of the latest commit and the write under way */
  get(treeId: number, snapshot?: Transaction): Size {
    const stored = this.db.get(keyOf(treeId), snapshot && { transaction: snapshot });
    const size = stored === undefined ? NOTHING : parse(stored);
    return snapshot === undefined ? sum(size, this.#changes.of(treeId)) : size;
  }

  /** Whether the size of a tree is known; data of an earlier release tell the number of entries only. */
  has(treeId: number): boolean {
    return (this.db.get(keyOf(treeId))?.length ?? 0) === 24;
  }

  /** Stores what a write has changed; inside its write transaction. */
  flush(): void {
    for (const [treeId, change] of this.#changes.take()) {
      const stored = this.db.get(keyOf(treeId));
      this.put(treeId, stored === undefined ? change : sum(parse(stored), change));
    }
  }

  put(treeId: number, { entries, keyBytes, valueBytes }: Size): void {
    const bytes = Buffer.alloc(24);
    [entries, keyBytes, valueBytes].forEach((part, at) => bytes.writeDoubleLE(part, at * 8));
    this.db.putSync(keyOf(treeId), bytes);
  }

  forget(treeId: number): void {
    this.db.removeSync(keyOf(treeId));
  }

  /** Forgets what a write that failed has changed. */
  discard(): void {
    this.#changes.take();
  }
}

function parse(stored: Buffer): Size {
  if (stored.length < 24) return { ...NOTHING, entries: stored.readDoubleLE(0) };
  return {
    entries: stored.readDoubleLE(0),
    keyBytes: stored.readDoubleLE(8),
    valueBytes: stored.readDoubleLE(16),
  };
}
