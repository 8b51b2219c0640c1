import { readFile } from 'node:fs/promises';
import { STREAM_TIMINGS } from '../../apps/api/src/event-feed/event-stream.js';
import { SILENCE_MS } from '../../libs/sdk/src/feed/event-feed.js';

describe('a feed is dead after one number of seconds', () => {
  it.each([
    ['docs/event-feed.md', /says nothing for (\d+) seconds is dead/],
    ['docs/event-feed.md', /let connections be\s+silent for at least (\d+) seconds/],
    ['docs/sdk.md', /\((\d+) s, `silenceMs`\)/],
  ])('as %s says: %s', async (file, sentence) => {
    const [, seconds] = sentence.exec(await readFile(file, 'utf8')) ?? [];
    expect(Number(seconds) * 1_000).toBe(SILENCE_MS);
  });

  it('which is three heartbeats of the server', async () => {
    const documented = /Every (\d+) seconds of silence a `heartbeat`/;
    const [, seconds] = documented.exec(await readFile('docs/event-feed.md', 'utf8')) ?? [];
    expect(Number(seconds) * 1_000).toBe(STREAM_TIMINGS.heartbeatMs);
    expect(Math.floor(SILENCE_MS / STREAM_TIMINGS.heartbeatMs)).toBe(3);
  });
});
