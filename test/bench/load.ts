/** What the load generator is asked to do. */
export interface LoadJob {
  readonly url: string;
  readonly path: string;
  /** One set of headers per kind of request, such as one per key; taken in turn. */
  readonly headers: readonly Readonly<Record<string, string>>[];
  readonly connections: number;
  readonly durationMs: number;
  /**
   * So many requests are begun in a second, whether or not earlier ones were answered, and each counts from
   * when it was due: a server that stands still makes all of them wait. Without it every connection asks
   * again once it was answered.
   */
  readonly perSecond?: number;
}

export interface LoadReport {
  readonly requests: number;
  /** Answers per second, between the first and the last. */
  readonly rps: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers other than 2xx, lost connections and time-outs. */
  readonly failed: number;
}
