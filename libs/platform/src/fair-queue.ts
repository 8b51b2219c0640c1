/** Thrown at callers that a full queue turns away. */
export class QueueFullError extends Error {
  readonly code = 'queue_full';

  constructor() {
    super('Too many requests are waiting');
    this.name = 'QueueFullError';
  }
}

/** Thrown at callers of whose group too many wait already. Others are still taken in. */
export class ShareFullError extends Error {
  readonly code = 'share_full';

  constructor() {
    super('Too many requests of the same caller are waiting');
    this.name = 'ShareFullError';
  }
}

export interface QueueBounds {
  /** The most entries that may wait; one more is turned away at once. */
  readonly maxWaiting: number;
  /** The most of them that may be of one group; without it a group may fill the queue. */
  readonly maxWaitingPerGroup?: number;
}

/**
 * A queue in which groups take turns (round robin) and the entries of a group come in the order in which
 * they were added: whoever adds much waits behind their own.
 */
export class FairQueue<Entry> {
  /** Groups with entries, the one whose turn is next first. */
  private readonly groups = new Map<string, Entry[]>();
  private count = 0;

  constructor(private readonly bounds: QueueBounds) {}

  get size(): number {
    return this.count;
  }

  /** @throws QueueFullError, ShareFullError: the entry was not added */
  add(group: string, entry: Entry): void {
    const { maxWaiting, maxWaitingPerGroup = Infinity } = this.bounds;
    const entries = this.groups.get(group);
    if ((entries?.length ?? 0) >= maxWaitingPerGroup) throw new ShareFullError();
    if (this.count >= maxWaiting) throw new QueueFullError();
    if (entries) entries.push(entry);
    else this.groups.set(group, [entry]);
    this.count += 1;
  }

  /**
   * Takes the next entry out, unless it does not fit.
   *
   * @param mayGo the groups whose turn it can be
   * @param fits looks at the entry whose turn it is, which stays the next one when it does not fit
   */
  take(mayGo: (group: string) => boolean, fits: (entry: Entry) => boolean): Entry | undefined {
    for (const [group, entries] of this.groups) {
      const [entry] = entries;
      if (entry === undefined || !mayGo(group)) continue;
      if (!fits(entry)) return undefined;
      entries.shift();
      this.count -= 1;
      this.groups.delete(group);
      if (entries.length > 0) this.groups.set(group, entries);
      return entry;
    }
    return undefined;
  }

  /** Takes out an entry that waits no longer. */
  remove(group: string, entry: Entry): void {
    const entries = this.groups.get(group);
    const index = entries?.indexOf(entry) ?? -1;
    if (!entries || index === -1) return;
    entries.splice(index, 1);
    this.count -= 1;
    if (entries.length === 0) this.groups.delete(group);
  }
}
