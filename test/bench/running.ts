interface Stoppable {
  readonly stop: () => Promise<void>;
}

/** What the bench has started and must end, in whichever way the bench itself ends. */
export class Running {
  private readonly stops: (() => Promise<void>)[] = [];

  /** @param signal once aborted, nothing more is started */
  constructor(readonly signal: AbortSignal) {}

  async start<Resource extends Stoppable>(start: () => Promise<Resource>): Promise<Resource> {
    this.signal.throwIfAborted();
    const resource = await start();
    this.stops.push(() => resource.stop());
    this.signal.throwIfAborted();
    return resource;
  }

  /** Ends everything, the last started first. */
  async stopAll(): Promise<void> {
    for (const stop of this.stops.splice(0).reverse()) {
      await stop().catch((error: unknown) => {
        console.error('Something could not be stopped:', error);
      });
    }
  }
}
