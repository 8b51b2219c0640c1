type Listener = () => void;

/** Tells subscriptions that a durable commit has touched their stream, or for $all, any stream. */
export class CommitSignal {
  private readonly any = new Set<Listener>();
  private readonly byStream = new Map<string, Set<Listener>>();

  /** Calls `listener` at each commit that matters until the returned function is called. */
  listen(streamName: string | undefined, listener: Listener): () => void {
    if (streamName === undefined) {
      this.any.add(listener);
      return () => this.any.delete(listener);
    }
    const listeners = this.byStream.get(streamName) ?? new Set();
    this.byStream.set(streamName, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.byStream.delete(streamName);
    };
  }

  /** For when something else has changed what can be read. */
  everything(): void {
    for (const listener of this.any) listener();
    for (const listeners of this.byStream.values()) {
      for (const listener of listeners) listener();
    }
  }

  committed(streamNames: ReadonlySet<string>): void {
    if (streamNames.size === 0) return;
    for (const listener of this.any) listener();
    for (const name of streamNames) {
      for (const listener of this.byStream.get(name) ?? []) listener();
    }
  }
}
