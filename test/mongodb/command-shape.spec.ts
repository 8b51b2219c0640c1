import { shapeOf } from './command-shape.js';

describe('the shape of a command', () => {
  it('has the names of options and operators, and no values', () => {
    const command = {
      find: 'keys_v3_g12',
      filter: { accountId: 'acc_1', $or: [{ name: { $regex: '$set', $options: 'i' } }] },
      limit: 51,
      lsid: {},
      $db: 'keytrail',
    };
    expect(shapeOf('find', command)).toEqual({
      command: 'find',
      inTransaction: false,
      collection: 'keys',
      options: ['filter', 'limit'],
      operators: ['$options', '$or', '$regex'],
    });
  });

  it('tells what stands in a transaction, and looks into each part of a batch', () => {
    const command = {
      update: 'usage_v1_g2_totals',
      updates: [
        { q: { _id: 'a' }, u: { $inc: { count: 1 } }, upsert: true },
        { q: { position: { $lt: 'b' } }, u: { $set: { at: new Date(0) } }, multi: false },
      ],
      ordered: true,
      txnNumber: 1,
      autocommit: false,
      startTransaction: true,
      readConcern: { level: 'snapshot' },
    };
    expect(shapeOf('update', command)).toEqual({
      command: 'update',
      inTransaction: true,
      collection: 'usage_totals',
      options: [
        'ordered',
        'readConcern.level: snapshot',
        'updates',
        'updates.multi',
        'updates.upsert',
      ],
      operators: ['$inc', '$lt', '$set'],
    });
  });

  it('has the mode of a read that may come from a secondary', () => {
    const command = { find: 'keys_v1_g1', $readPreference: { mode: 'secondary' } };
    expect(shapeOf('find', command).options).toEqual(['$readPreference.mode: secondary']);
  });
});
