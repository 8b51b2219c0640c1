import { redact as redactInLogs } from '../../platform/src/index.js';
import { redact } from '../src/common/redact.js';

describe('the SDK, which stands alone, takes the same for a key as the logs do', () => {
  it.each([
    'nothing to see',
    `axk_${'0Az'.repeat(14)}`,
    `Bearer axk_${'0Az'.repeat(10)}, cut short`,
    `not long enough: axk_${'0Az'.repeat(9)}`,
    `a1234567890_${'0Az'.repeat(14)}`,
    `two: ab_${'a'.repeat(42)}/cd_${'b'.repeat(42)}`,
    'key_2qLwH0bT9xKc4VnRz7YfPs',
  ])('%s', (text) => {
    expect(redact(text)).toBe(redactInLogs(text));
  });
});
