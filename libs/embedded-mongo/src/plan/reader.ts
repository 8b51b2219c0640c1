import type { Match } from '../query/matcher.js';
import type { View } from '../storage/view.js';
import type { Plan } from './planner.js';
import { Scan } from './scan.js';

/** The scans of one statement: whoever pauses it lets go of all their cursors at once. */
export class Reader {
  readonly scans = new Set<Scan>();
  /** How often it has paused: what was read before may have changed since. */
  pauses = 0;

  constructor(readonly view: View) {}

  scan(plan: Plan, match: Match): Scan {
    const scan = new Scan(plan, match, this.view);
    this.scans.add(scan);
    return scan;
  }

  suspend(): void {
    this.pauses += 1;
    for (const scan of this.scans) scan.suspend();
  }
}
