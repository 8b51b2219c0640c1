import { newestOnly } from '@keytrail/projections';
import type { Collection } from 'mongodb';
import type { ReadModels } from '../common/keytrail-model.js';
import { readLimit } from '../common/read-limit.js';

/** A process that may be answering from memory, as the others see it. */
export interface LeaseDocument {
  readonly _id: string;
  /** The log that it follows. */
  readonly logId: string;
  /** It has let go of every key that was revoked up to here in its log. */
  readonly appliedUpTo: string;
  /** It is not renewed any more. */
  readonly fenced: boolean;
  /** For whoever looks; nothing goes by it. */
  readonly renewedAt: Date;
}

/** The collection `leases`: who may be answering from memory. What is acknowledged is on a majority's disks. */
export class LeaseRegister {
  private readonly client: ReadModels['client'];
  private readonly leases: Collection<LeaseDocument>;

  constructor({ client, db }: Pick<ReadModels, 'client' | 'db'>) {
    this.client = client;
    this.leases = db.collection<LeaseDocument>('leases');
  }

  async add(lease: Pick<LeaseDocument, '_id' | 'logId' | 'appliedUpTo'>): Promise<void> {
    await this.leases.insertOne({ ...lease, fenced: false, renewedAt: new Date() });
  }

  /** @returns whether the lease may go on */
  async renew(id: string): Promise<boolean> {
    const renewal = { $set: { renewedAt: new Date() } };
    const { matchedCount } = await this.leases.updateOne({ _id: id, fenced: false }, renewal);
    return matchedCount === 1;
  }

  /** Tells whoever waits. One that is lost costs them time and nothing else. */
  async applied(id: string, position: string): Promise<void> {
    const told = { $max: { appliedUpTo: position } };
    await this.leases.updateOne({ _id: id }, told, { writeConcern: { w: 1 } });
  }

  /** Every lease that was added before this call and not removed. */
  async all(): Promise<LeaseDocument[]> {
    return this.leases.find({}, { ...readLimit, ...newestOnly(this.client) }).toArray();
  }

  /** None of these is renewed from now on. */
  async fence(ids: readonly string[]): Promise<void> {
    await this.leases.updateMany({ _id: { $in: [...ids] } }, { $set: { fenced: true } });
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.leases.deleteMany({ _id: { $in: [...ids] } });
  }
}
