import type { Document } from 'bson';
import type { Doc } from './doc.js';
import type { Variables } from './expression.js';

/** One step of a pipeline: documents are pushed in, and pushed on to the next step. */
export interface Stage {
  push(doc: Doc): void;
  /** No more documents will come. */
  end(): void;
  /** The stage wants no more documents. */
  readonly done: boolean;
}

/** What stages that read other collections need. */
export interface PipelineContext {
  readonly variables: Variables;
  /** Runs a pipeline on another collection of the same database, at once. */
  readonly subPipeline: (
    collection: string,
    pipeline: readonly Document[],
    variables: Variables,
  ) => Doc[];
}

export type Emit = (doc: Doc) => void;

/** A stage that answers each document by itself. */
export function mapStage(next: Stage, each: (doc: Doc, emit: Emit) => void): Stage {
  const emit: Emit = (doc) => {
    if (!next.done) next.push(doc);
  };
  return {
    push: (doc) => {
      each(doc, emit);
    },
    end: () => {
      next.end();
    },
    get done() {
      return next.done;
    },
  };
}

/** A stage that answers only once it has seen all documents. */
export function blockingStage(
  next: Stage,
  gather: (doc: Doc) => void,
  finish: (emit: Emit) => void,
): Stage {
  return {
    push: gather,
    end: () => {
      finish((doc) => {
        if (!next.done) next.push(doc);
      });
      next.end();
    },
    done: false,
  };
}

/** The end of a pipeline: documents wait here to be fetched. */
export class Output implements Stage {
  readonly done = false;
  docs: Doc[] = [];
  ended = false;

  push(doc: Doc): void {
    this.docs.push(doc);
  }

  end(): void {
    this.ended = true;
  }
}
