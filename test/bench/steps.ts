import type { Step } from './result.js';

/** Says what is being done and keeps how long it took. */
export class Steps {
  readonly done: Step[] = [];
  private readonly startedAt = performance.now();

  async run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    const elapsed = Math.round((startedAt - this.startedAt) / 1_000);
    console.log(`${String(elapsed).padStart(4)} s  ${name}`);
    const result = await work();
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    this.done.push({ name, seconds });
    return result;
  }
}
