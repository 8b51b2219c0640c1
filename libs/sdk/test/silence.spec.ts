import { readFile } from 'node:fs/promises';
import { SILENCE_MS } from '../src/feed/event-feed.js';

describe('a feed is dead after one number of seconds', () => {
  it.each([
    ['docs/event-feed.md', /says nothing for (\d+) seconds is dead/],
    ['docs/event-feed.md', /let connections be\s+silent for at least (\d+) seconds/],
    ['docs/sdk.md', /\((\d+) s, `silenceMs`\)/],
  ])('as %s says: %s', async (file, sentence) => {
    const [, seconds] = sentence.exec(await readFile(file, 'utf8')) ?? [];
    expect(Number(seconds) * 1_000).toBe(SILENCE_MS);
  });
});
