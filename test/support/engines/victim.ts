/** A running part of a deployment, at the mercy of a test: killed, frozen, started again. */
export interface Victim {
  readonly name: string;
  readonly pid: number;
  /** What it has written so far, as far as it is kept. */
  readonly output: string;
  /** Starts it and waits until it can be used. */
  start(): Promise<void>;
  /** Ends it at once, as a power cut or the kernel would. */
  kill9(): Promise<void>;
  /** Asks it to end, and waits. */
  stop(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** The exit code or the signal, once it has ended by itself. */
  ending(): Promise<number | NodeJS.Signals | null>;
}
