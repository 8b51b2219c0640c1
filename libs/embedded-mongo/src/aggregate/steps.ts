import type { RawValue } from '../bson/raw.js';
import type { Variables } from './expression.js';

/**
 * The documents of a pipeline, one step at a time; undefined is a step without one, so that whoever
 * runs it can let others have their turns however long it takes to the next document. Ending the
 * generator ends all it was made of.
 */
export type Steps = Generator<RawValue | undefined, void, void>;

/** What stages need that read other collections. */
export interface PipelineContext {
  readonly variables: Variables;
  /** Runs a pipeline on another collection of the same database. */
  readonly run: (collection: string, pipeline: readonly RawValue[], variables: Variables) => Steps;
}

/** One stage of a pipeline. */
export type Stage = (source: Steps) => Steps;

/** A stage that answers each document by itself; undefined leaves it out. */
export const mapStage = (each: (document: RawValue) => RawValue | undefined): Stage =>
  function* (source) {
    for (const document of source) yield document && each(document);
  };

export const skipStage = (count: number): Stage =>
  function* (source) {
    let left = count;
    for (const document of source) {
      if (document === undefined || left <= 0) yield document;
      else {
        left -= 1;
        yield undefined;
      }
    }
  };

/** Ends with its last document, so that nothing is looked for beyond it. */
export const limitStage = (count: number): Stage =>
  function* (source) {
    let left = count;
    if (left <= 0) return;
    for (const document of source) {
      yield document;
      if (document !== undefined) left -= 1;
      if (left <= 0) return;
    }
  };

/** All of these stages one after the other. */
export const chain = (stages: readonly Stage[], source: Steps): Steps =>
  stages.reduce((steps, stage) => stage(steps), source);
