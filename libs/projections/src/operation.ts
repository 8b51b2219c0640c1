export type Fields = Readonly<Record<string, unknown>>;

/** What one event does to one document. Projections return these; the runner carries them out. */
export type Operation = Insert | Update;

/** A document that no earlier event can have made. */
export interface Insert {
  readonly kind: 'insert';
  /** A side collection of the model; its main one when absent. */
  readonly collection?: string;
  readonly id: string;
  readonly fields: Fields;
}

/** A change of one document by `_id`, in MongoDB's operators of the same names. */
export interface Update {
  readonly kind: 'update';
  readonly collection?: string;
  readonly id: string;
  readonly upsert: boolean;
  /** Apply only while the document's `position` is before this one, and set it. */
  readonly guard?: string;
  readonly $set?: Fields;
  readonly $setOnInsert?: Fields;
  readonly $inc?: Readonly<Record<string, number>>;
  readonly $min?: Fields;
  readonly $max?: Fields;
}

export const updateOperators = ['$set', '$setOnInsert', '$inc', '$min', '$max'] as const;

export const insert = (id: string, fields: Fields, collection?: string): Insert => ({
  kind: 'insert',
  id,
  fields,
  ...(collection !== undefined && { collection }),
});

type Change = Omit<Update, 'kind' | 'id' | 'upsert'>;

/** Changes a document that must already be there; otherwise nothing happens. */
export const update = (id: string, change: Change): Update => ({
  kind: 'update',
  id,
  upsert: false,
  ...change,
});

/** Changes a document, making it first when it is not there. */
export const upsert = (id: string, change: Change): Update => ({
  kind: 'update',
  id,
  upsert: true,
  ...change,
});
