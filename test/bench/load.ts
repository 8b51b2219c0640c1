/** What the load generator is asked to do: one request after another on each connection. */
export interface LoadJob {
  readonly url: string;
  readonly path: string;
  /** One set of headers per kind of request, such as one per key; taken in turn. */
  readonly headers: readonly Readonly<Record<string, string>>[];
  readonly connections: number;
  readonly durationMs: number;
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
