import { readFile } from 'node:fs/promises';
import { STREAM_TIMINGS } from '../../src/event-feed/event-stream.js';

describe('the heartbeats of a stream', () => {
  const secondsIn = async (sentence: RegExp): Promise<number> =>
    Number(sentence.exec(await readFile('docs/event-feed.md', 'utf8'))?.[1]);

  it('come as often as the documentation says, three times before a stream counts as dead', async () => {
    const heartbeatSeconds = STREAM_TIMINGS.heartbeatMs / 1_000;
    const deadAfterSeconds = await secondsIn(/says nothing for (\d+) seconds is dead/);
    expect(await secondsIn(/Every (\d+) seconds of silence/)).toBe(heartbeatSeconds);
    expect(Math.floor(deadAfterSeconds / heartbeatSeconds)).toBe(3);
  });
});
