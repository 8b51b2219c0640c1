import TestSequencer from '@jest/test-sequencer';

const isBrowser = ({ path }) => path.includes('/test/browser/');

/**
 * Jest takes the largest files first where it has not seen them run. The walk through the dashboard is a small file and
 * takes minutes: begun last, it would keep one core busy and the others idle.
 */
export default class BrowserFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isBrowser), ...sorted.filter((test) => !isBrowser(test))];
  }
}
