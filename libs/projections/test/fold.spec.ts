import { execute } from '@keytrail/testing';
import { fold } from '../src/fold.js';
import { insert, type Operation, update, upsert } from '../src/operation.js';

describe('fold', () => {
  it('makes one write of many counts of one document', () => {
    const counted = upsert('a', { $setOnInsert: { of: 'x' }, $inc: { count: 1 } });
    expect(fold([counted, counted, counted])).toEqual([
      upsert('a', { $setOnInsert: { of: 'x' }, $inc: { count: 3 } }),
    ]);
  });

  it('keeps the outermost bounds', () => {
    const seen = (position: string) =>
      upsert('a', { $min: { first: position }, $max: { last: position } });
    expect(fold([seen('2'), seen('1'), seen('3')])).toEqual([
      upsert('a', { $min: { first: '1' }, $max: { last: '3' } }),
    ]);
  });

  it('applies changes to a document that is inserted in the same batch', () => {
    const used = update('a', { $max: { lastUsedAt: new Date(5) } });
    expect(fold([insert('a', { name: 'n' }), used])).toEqual([
      insert('a', { name: 'n', lastUsedAt: new Date(5) }),
    ]);
  });

  it('does not put two operators on one field into one write', () => {
    const writes = [
      upsert('a', { $setOnInsert: { status: 'Active' } }),
      upsert('a', { $set: { status: 'Revoked' } }),
    ];
    expect(fold(writes)).toEqual(writes);
  });

  it('leaves guarded writes as they are, in order', () => {
    const writes = [
      upsert('a', { guard: '1', $set: { role: 'owner' } }),
      update('a', { guard: '2', $set: { role: 'reviewer' } }),
    ];
    expect(fold(writes)).toEqual(writes);
  });

  it('leaves what the operations one by one would, whatever they are', () => {
    for (let seed = 1; seed <= 2_000; seed += 1) {
      const operations = randomOperations(seed);
      expect(execute(fold(operations))).toEqual(execute(operations));
    }
  });
});

/** A Lehmer generator, so that a failure can be repeated. */
function randomOperations(seed: number): Operation[] {
  let state = seed * 48_271;
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const touched = new Set<string>();
  const one = (): Operation => {
    const id = `d${next(3)}`;
    if (!touched.has(id) && next(3) === 0) {
      touched.add(id);
      return insert(id, { n: next(5), s: 'new' });
    }
    const make = next(2) === 0 ? update : upsert;
    if (make === upsert) touched.add(id);
    const field = next(2) === 0 ? 'n' : 'm';
    const value = next(9);
    return [
      make(id, { $set: { [field]: value, s: `v${value}` } }),
      make(id, { $inc: { [field]: value } }),
      make(id, { $min: { [field]: value } }),
      make(id, { $max: { [field]: value } }),
      make(id, { $setOnInsert: { [field]: value }, $set: { s: 'set' } }),
      make(id, { guard: `p${value}`, $set: { [field]: value } }),
    ][next(6)] as Operation;
  };
  return Array.from({ length: 12 }, one);
}
