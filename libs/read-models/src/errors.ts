/** Errors of the read models, told apart by `code`. */
export class ReadModelError extends Error {
  constructor(
    /**
     * - `read_model_behind`: a read model did not reach the awaited position in time;
     * - `read_model_missing`: no projector or api has set the read models up yet;
     * - `checkpoint_moved`: another projector has written meanwhile, and nothing was written here.
     */
    readonly code: 'read_model_behind' | 'read_model_missing' | 'checkpoint_moved',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ReadModelError';
  }
}
