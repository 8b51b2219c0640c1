import type { RawValue } from '../bson/raw.js';

/**
 * The documents of a pipeline, one step at a time; undefined is a step without one, so that whoever
 * runs it can let others have their turns however long it takes to the next document.
 */
export type Steps = Generator<RawValue | undefined, void, void>;

/** One stage of a pipeline. */
export type Stage = (source: Steps) => Steps;

/** The documents of another collection of the same database that match a query. */
export type Join = (collection: string, query: RawValue) => Steps;

/** A stage that answers each document by itself; undefined leaves it out. */
export const mapStage = (each: (document: RawValue) => RawValue | undefined): Stage =>
  function* (source) {
    for (const document of source) yield document && each(document);
  };

export const skipStage = (count: number): Stage => {
  let left = count;
  return mapStage((document) => {
    left -= 1;
    return left < 0 ? document : undefined;
  });
};

/** Ends with its last document, so that nothing is looked for beyond it. */
export const limitStage = (count: number): Stage =>
  function* (source) {
    let left = count;
    for (const document of source) {
      yield document;
      if (document !== undefined) left -= 1;
      if (left <= 0) return;
    }
  };

/** All of these stages one after the other. */
export const chain = (stages: readonly Stage[], source: Steps): Steps =>
  stages.reduce((steps, stage) => stage(steps), source);
