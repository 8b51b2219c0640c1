import { ProgressBar, progressLine } from './progress-bar.js';

describe('the progress bar', () => {
  it('shows the part done, the rate and the time left', () => {
    expect(progressLine(5_000, 0.5, 1_000)).toBe(
      '███████████████░░░░░░░░░░░░░░░ 50 %  5000 events  5000 events/s  1 s left',
    );
  });

  it('says when it is done', () => {
    expect(progressLine(10, 1, 2_000)).toMatch(/ 100 % {2}10 events {2}5 events\/s {2}done$/);
  });

  it('writes one line only where no terminal is', () => {
    const written: string[] = [];
    const bar = new ProgressBar({ write: (text) => written.push(text) });
    bar.show(1, 0.1);
    bar.show(2, 1);
    bar.end();
    bar.end();
    expect(written).toHaveLength(1);
  });
});
