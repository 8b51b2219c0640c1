const width = 30;
const showEveryMs = 200;

/** One line that shows how far a rebuild is, how fast it goes and how long it will take. */
export class ProgressBar {
  private readonly startedAt = performance.now();
  private shownAt = -Infinity;
  private line = '';

  constructor(private readonly out: { readonly isTTY?: boolean; write(text: string): unknown }) {}

  /** @param fraction of 1 */
  show(events: number, fraction: number): void {
    const elapsedMs = performance.now() - this.startedAt;
    this.line = progressLine(events, fraction, elapsedMs);
    if (!this.out.isTTY || performance.now() - this.shownAt < showEveryMs) return;
    this.shownAt = performance.now();
    this.out.write(`\r${this.line}\x1b[K`);
  }

  /** Leaves the last state standing; once. */
  end(): void {
    if (this.line === '') return;
    this.out.write(`${this.out.isTTY ? '\r' : ''}${this.line}\n`);
    this.line = '';
  }
}

export function progressLine(events: number, fraction: number, elapsedMs: number): string {
  const filled = Math.round(fraction * width);
  const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
  const rate = Math.round((events * 1_000) / Math.max(elapsedMs, 1));
  const leftMs = fraction > 0 ? (elapsedMs * (1 - fraction)) / fraction : 0;
  const left = fraction < 1 ? `${Math.ceil(leftMs / 1_000)} s left` : 'done';
  return `${bar} ${Math.floor(fraction * 100)} %  ${events} events  ${rate} events/s  ${left}`;
}
