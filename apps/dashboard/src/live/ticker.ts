/** Tells those who listen that it is time to look. */
export class Ticker {
  private readonly listeners = new Set<() => void>();

  tick(): void {
    for (const listener of this.listeners) listener();
  }

  /** @returns stops listening */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}
