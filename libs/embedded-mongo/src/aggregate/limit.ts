import { asNumber } from '../bson/codec.js';
import { MongoFault } from '../errors.js';
import { mapStage, type Stage } from './stage.js';

function positiveInteger(spec: unknown, stage: string, minimum: number): number {
  const count = asNumber(spec);
  if (count === undefined || !Number.isInteger(count) || count < minimum) {
    throw new MongoFault(51024, `invalid argument to ${stage} stage: ${String(count)}`);
  }
  return count;
}

/** `$limit`: done as soon as it has let its documents through, so that the scan stops. */
export function limitStage(spec: unknown, next: Stage): Stage {
  let left = positiveInteger(spec, '$limit', 1);
  return {
    push: (doc) => {
      if (left > 0 && !next.done) next.push(doc);
      left -= 1;
    },
    end: () => {
      next.end();
    },
    get done() {
      return left <= 0 || next.done;
    },
  };
}

/** `$skip`. */
export function skipStage(spec: unknown, next: Stage): Stage {
  let left = positiveInteger(spec, '$skip', 0);
  return mapStage(next, (doc, emit) => {
    if (left > 0) left -= 1;
    else emit(doc);
  });
}
