import { badValue, failedToParse, MongoFault, notImplemented } from '../bson/errors.js';
import type { RawValue } from '../bson/raw.js';
import { int32, toDocument } from '../bson/values.js';
import { compileFilter } from '../query/matcher.js';
import { compileProjection } from '../query/projection.js';
import { parseSort, sortKeyer, type SortField } from '../query/sort.js';
import { Sorter } from '../query/sorter.js';
import { groupStage } from './group.js';
import { lookupStage } from './lookup.js';
import { limitStage, mapStage, skipStage, type Join, type Stage } from './steps.js';
import { unwindStage } from './unwind.js';

/** @param limit how many of the sorted documents are wanted, at most */
type Build = (spec: RawValue, join: Join, limit: number | undefined) => Stage;

const asDocument = (spec: RawValue, stage: string): RawValue => {
  if (!spec.isObject) throw failedToParse(`the ${stage} specification must be an object`);
  return spec;
};

function whole(spec: RawValue, stage: string, minimum: number): number {
  const count = spec.number;
  if (count === undefined || !Number.isInteger(count) || count < minimum) {
    throw new MongoFault(5107201, `invalid argument to ${stage} stage`);
  }
  return count;
}

export const sortStage = (sort: readonly SortField[], limit?: number): Stage =>
  function* (source) {
    const keyOf = sortKeyer(sort);
    const sorter = new Sorter<RawValue>(limit);
    for (const document of source) {
      if (document !== undefined) sorter.add(keyOf(document), document, document.size);
      yield undefined;
    }
    yield* sorter.drain();
  };

function countStage(spec: RawValue): Stage {
  const name = spec.text;
  if (name === undefined || name === '' || name.startsWith('$') || name.includes('.')) {
    throw badValue('the count field must be a non-empty string');
  }
  return function* (source) {
    let count = 0;
    for (const document of source) {
      if (document !== undefined) count += 1;
      yield undefined;
    }
    if (count > 0) yield toDocument({ [name]: int32(count) });
  };
}

function projectStage(spec: RawValue): Stage {
  const projection = compileProjection(asDocument(spec, '$project'));
  if (projection === undefined) {
    throw new MongoFault(
      51272,
      'Invalid $project :: projection specification must have at least one field',
    );
  }
  return mapStage(projection);
}

/** Stages that work on documents; those that read the server's state are in commands. */
const STAGES: Readonly<Record<string, Build>> = {
  $match: (spec) => {
    const { match } = compileFilter(asDocument(spec, '$match'));
    return mapStage((document) => (match(document) ? document : undefined));
  },
  $project: projectStage,
  $limit: (spec) => limitStage(whole(spec, '$limit', 1)),
  $skip: (spec) => skipStage(whole(spec, '$skip', 0)),
  $sort: (spec, _, limit) => sortStage(parseSort(asDocument(spec, '$sort')), limit),
  $count: countStage,
  $group: groupStage,
  $unwind: unwindStage,
  $lookup: lookupStage,
};

export const STAGE_NAMES = Object.keys(STAGES);

/** The name of a stage and what it is told. */
export function nameOfStage(stage: RawValue): [string, RawValue] {
  const entries = stage.isObject ? stage.entries() : [];
  const [only, second] = entries;
  if (only === undefined || second !== undefined) {
    throw new MongoFault(
      40323,
      'A pipeline stage specification object must contain exactly one field.',
    );
  }
  return only;
}

export function buildPipeline(pipeline: readonly RawValue[], join: Join): Stage[] {
  return pipeline.map((stage, at) => {
    const [name, spec] = nameOfStage(stage);
    const build = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
    if (build === undefined) throw notImplemented(`the stage ${name}`);
    const [next, limit] = pipeline[at + 1]?.first() ?? [];
    return build(spec, join, next === '$limit' ? limit?.number : undefined);
  });
}
