import TestSequencer from '@jest/test-sequencer';

/** Suites that walk the built product for minutes. Begun last, they would keep one core busy and the others idle. */
const LONG = /\/test\/(browser|fuzz|faults|supervisor|main-job|hostile|feed)\//;

const isLong = ({ path }) => LONG.test(path) && path.endsWith('.e2e-spec.ts');

/** Jest takes the largest files first where it has not seen them run; the suites named above go before those. */
export default class LongSuitesFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
