/** Where MongoDB's manual describes something, and since which version of the server it is there. */
export interface Reference {
  /** Below https://www.mongodb.com/docs/manual/ */
  readonly page: string;
  readonly since: string;
  /** Whether it may stand in a transaction, as the manual's page on transactions and operations has it. */
  readonly inTransaction: boolean;
}

/** Older than any server that the driver speaks to. */
const OLD = 'before 3.0';

const command = (name: string, since: string, inTransaction: boolean): Reference => ({
  page: `reference/command/${name}/`,
  since,
  inTransaction,
});

export const commands: Readonly<Record<string, Reference>> = {
  abortTransaction: command('abortTransaction', '4.0', true),
  aggregate: command('aggregate', OLD, true),
  commitTransaction: command('commitTransaction', '4.0', true),
  create: command('create', OLD, false),
  createIndexes: command('createIndexes', OLD, false),
  delete: command('delete', OLD, true),
  drop: command('drop', OLD, false),
  endSessions: command('endSessions', '3.6', false),
  find: command('find', '3.2', true),
  findAndModify: command('findAndModify', OLD, true),
  getMore: command('getMore', '3.2', true),
  insert: command('insert', OLD, true),
  killCursors: command('killCursors', '3.2', true),
  ping: command('ping', OLD, false),
  update: command('update', OLD, true),
};

const query = (name: string, since = OLD): Reference => ({
  page: `reference/operator/query/${name}/`,
  since,
  inTransaction: true,
});
const update = (name: string, since = OLD): Reference => ({
  page: `reference/operator/update/${name}/`,
  since,
  inTransaction: true,
});
const aggregation = (name: string, since = OLD): Reference => ({
  page: `reference/operator/aggregation/${name}/`,
  since,
  inTransaction: true,
});

/** Those of queries, updates and pipelines. One that is all of these at once is told by its first use. */
export const operators: Readonly<Record<string, Reference>> = {
  $and: query('and'),
  $eq: query('eq', '3.0'),
  $exists: query('exists'),
  $expr: query('expr', '3.6'),
  $group: aggregation('group'),
  $gt: query('gt'),
  $gte: query('gte'),
  $in: query('in'),
  $inc: update('inc'),
  $limit: aggregation('limit'),
  $lookup: aggregation('lookup', '3.6'),
  $lt: query('lt'),
  $lte: query('lte'),
  $match: aggregation('match'),
  $max: update('max', OLD),
  $min: update('min', OLD),
  $ne: query('ne'),
  $options: query('regex'),
  $or: query('or'),
  $project: aggregation('project'),
  $regex: query('regex'),
  $set: update('set'),
  $setOnInsert: update('setOnInsert', OLD),
  $unset: update('unset'),
  $unwind: aggregation('unwind'),
};

const option = (page: string, since: string, inTransaction = true): Reference => ({
  page,
  since,
  inTransaction,
});

/** Options that the page of their command leaves to another one. */
export const options: Readonly<Record<string, Reference>> = {
  'indexes.partialFilterExpression': option('core/index-partial/', '3.2', false),
  'indexes.unique': option('core/index-unique/', OLD, false),
  'readConcern.level: snapshot': option('reference/read-concern-snapshot/', '4.0'),
  'writeConcern.j: true': option('reference/write-concern/', OLD),
  'writeConcern.w: 0': option('reference/write-concern/', OLD, false),
  'writeConcern.w: 1': option('reference/write-concern/', OLD, false),
  'writeConcern.w: majority': option('reference/write-concern/', OLD),
  'writeConcern.wtimeout: 10000': option('reference/write-concern/', OLD),
};
