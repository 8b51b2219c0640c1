type Ask = () => Promise<boolean>;

let ask: Ask | null = null;

/** Has somebody asked before the page is left; `null` when nothing is lost by it any more. */
export function askBeforeLeaving(next: Ask | null): void {
  ask = next;
}

/** Whether the page may be left, which takes what it shows away. Asks when something would be lost. */
export const mayLeave = (): Promise<boolean> => ask?.() ?? Promise.resolve(true);
