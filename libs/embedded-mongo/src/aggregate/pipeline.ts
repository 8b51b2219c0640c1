import type { Document } from 'bson';
import { asNumber, isPlainObject } from '../bson/codec.js';
import { badValue, failedToParse, MongoFault, notImplemented } from '../errors.js';
import { compileFilter } from '../query/matcher.js';
import { compileAddFields, compileProjection, type Projection } from '../query/projection.js';
import { parseSort, sortKeyer, Sorter } from '../query/sort.js';
import { Doc } from './doc.js';
import { compileExpression, type Variables } from './expression.js';
import { groupStage } from './group.js';
import { limitStage, skipStage } from './limit.js';
import { lookupStage } from './lookup.js';
import { blockingStage, mapStage, Output, type PipelineContext, type Stage } from './stage.js';
import { unwindStage } from './unwind.js';

type Build = (spec: unknown, next: Stage, context: PipelineContext, following: Document[]) => Stage;

const project = (projection: Projection | undefined, next: Stage): Stage =>
  mapStage(next, (doc, emit) => {
    emit(projection ? projection(doc) : doc);
  });

const asDocument = (spec: unknown, stage: string): Document => {
  if (!isPlainObject(spec)) throw failedToParse(`the ${stage} specification must be an object`);
  return spec;
};

function sortStage(spec: unknown, next: Stage, _: PipelineContext, following: Document[]): Stage {
  const keyOf = sortKeyer(parseSort(asDocument(spec, '$sort')));
  const sorter = new Sorter<Doc>(asNumber(following[0]?.$limit));
  return blockingStage(
    next,
    (doc) => {
      sorter.add(keyOf(doc.raw), doc, doc.raw.length);
    },
    (emit) => {
      sorter.drain().forEach(emit);
    },
  );
}

function countStage(spec: unknown, next: Stage): Stage {
  if (typeof spec !== 'string' || spec === '' || spec.startsWith('$')) {
    throw badValue('the count field must be a non-empty string');
  }
  let count = 0;
  return blockingStage(
    next,
    () => {
      count += 1;
    },
    (emit) => {
      if (count > 0) emit(Doc.of({ [spec]: count }));
    },
  );
}

function replaceRootStage(expression: unknown, next: Stage, variables: Variables): Stage {
  const root = compileExpression(expression, variables);
  return mapStage(next, (doc, emit) => {
    const value = root(doc);
    if (!isPlainObject(value)) throw badValue("'newRoot' expression must evaluate to an object");
    emit(Doc.of(value));
  });
}

function facetStage(spec: unknown, next: Stage, context: PipelineContext): Stage {
  const facets = Object.entries(asDocument(spec, '$facet')).map(([name, pipeline]) => {
    const output = new Output();
    return { name, output, head: buildPipeline(pipeline as Document[], output, context) };
  });
  return blockingStage(
    next,
    (doc) => {
      for (const { head } of facets) if (!head.done) head.push(doc);
    },
    (emit) => {
      const result: Document = {};
      for (const { name, output, head } of facets) {
        head.end();
        result[name] = output.docs.map((doc) => doc.boxed);
      }
      emit(Doc.of(result));
    },
  );
}

function unionStage(spec: unknown, next: Stage, context: PipelineContext): Stage {
  const name: unknown = isPlainObject(spec) ? spec.coll : spec;
  if (typeof name !== 'string') throw failedToParse('$unionWith needs a collection');
  const pipeline = isPlainObject(spec) ? ((spec.pipeline ?? []) as Document[]) : [];
  return {
    push: (doc) => {
      next.push(doc);
    },
    end: () => {
      for (const doc of context.subPipeline(name, pipeline, context.variables)) {
        if (!next.done) next.push(doc);
      }
      next.end();
    },
    get done() {
      return next.done;
    },
  };
}

function unsetStage(spec: unknown, next: Stage, context: PipelineContext): Stage {
  const paths = (Array.isArray(spec) ? spec : [spec]) as unknown[];
  if (!paths.every((path) => typeof path === 'string')) {
    throw failedToParse('$unset specification must be a string or an array of strings');
  }
  const exclusion = Object.fromEntries(paths.map((path) => [path, 0]));
  return project(compileProjection(exclusion, { ...context, find: false }), next);
}

function sortByCountStage(spec: unknown, next: Stage, context: PipelineContext): Stage {
  return buildPipeline(
    [{ $group: { _id: spec, count: { $sum: 1 } } }, { $sort: { count: -1 } }],
    next,
    context,
  );
}

const STAGES: Readonly<Record<string, Build>> = {
  $match: (spec, next, { variables }) => {
    const { match } = compileFilter(asDocument(spec, '$match'), variables);
    return mapStage(next, (doc, emit) => {
      if (match(doc.raw, 0)) emit(doc);
    });
  },
  $project: (spec, next, context) => {
    const projection = asDocument(spec, '$project');
    if (Object.keys(projection).length === 0) {
      throw new MongoFault(
        51024,
        'Invalid $project :: projection specification must have at least one field',
      );
    }
    return project(compileProjection(projection, { ...context, find: false }), next);
  },
  $addFields: (spec, next, { variables }) => project(compileAddFields(spec, variables), next),
  $set: (spec, next, { variables }) => project(compileAddFields(spec, variables), next),
  $unset: unsetStage,
  $limit: limitStage,
  $skip: skipStage,
  $sort: sortStage,
  $count: countStage,
  $sortByCount: sortByCountStage,
  $group: (spec, next, { variables }) => groupStage(spec, next, variables),
  $unwind: (spec, next) => unwindStage(spec, next),
  $lookup: lookupStage,
  $facet: facetStage,
  $unionWith: unionStage,
  $replaceRoot: (spec, next, { variables }) =>
    replaceRootStage(asDocument(spec, '$replaceRoot').newRoot, next, variables),
  $replaceWith: (spec, next, { variables }) => replaceRootStage(spec, next, variables),
};

/** Stages of the real server that are refused here, told apart from names that do not exist. */
const KNOWN_STAGES = new Set(
  '$bucket $bucketAuto $changeStream $collStats $currentOp $densify $documents $fill $geoNear $graphLookup $indexStats $listSessions $merge $out $planCacheStats $redact $sample $search $setWindowFields'.split(
    ' ',
  ),
);

/** Compiles stages from the last to the first, so that each knows where its documents go. */
export function buildPipeline(
  pipeline: readonly Document[],
  output: Stage,
  context: PipelineContext,
): Stage {
  let next = output;
  for (let at = pipeline.length - 1; at >= 0; at -= 1) {
    const stage: unknown = pipeline[at];
    if (!isPlainObject(stage) || Object.keys(stage).length !== 1) {
      throw new MongoFault(
        40323,
        'A pipeline stage specification object must contain exactly one field.',
      );
    }
    const name = Object.keys(stage)[0] ?? '';
    const build = STAGES[name];
    if (build === undefined) throw unknownStage(name);
    next = build(stage[name] as unknown, next, context, pipeline.slice(at + 1));
  }
  return next;
}

function unknownStage(name: string): MongoFault {
  if (KNOWN_STAGES.has(name)) return notImplemented(`the stage ${name}`);
  return new MongoFault(40324, `Unrecognized pipeline stage name: '${name}'`);
}

/** Runs a whole pipeline over documents that are at hand. */
export function runPipeline(
  docs: Iterable<Doc>,
  pipeline: readonly Document[],
  context: PipelineContext,
): Doc[] {
  const output = new Output();
  const head = buildPipeline(pipeline, output, context);
  for (const doc of docs) {
    if (head.done) break;
    head.push(doc);
  }
  head.end();
  return output.docs;
}
