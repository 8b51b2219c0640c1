import { setTimeout as pause } from 'node:timers/promises';

const GIVE_UP_AFTER_MS = 30_000;
const LOOK_EVERY_MS = 10;

/** Resolves with the first answer that is not nothing. */
export async function until<Answer>(
  ask: () => Promise<Answer | null | undefined | false> | Answer | null | undefined | false,
): Promise<Answer> {
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > giveUpAt) throw new Error('It has not come about in time');
    await pause(LOOK_EVERY_MS);
  }
}
