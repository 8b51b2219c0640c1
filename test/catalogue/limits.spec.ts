import { readFile } from 'node:fs/promises';
import { limits } from '../../apps/api/test/harness/limits.js';
import { allLimits } from './limits.js';

describe('the limits in the runbook', () => {
  // That the table is made of these is compared with those of the events.
  it.each(allLimits)('$what: is tried by a test', async ({ test: [file, name] }) => {
    expect(await readFile(file, 'utf8')).toContain(name);
  });

  it.each(Object.keys(limits))('tell of %s', async (name) => {
    const rows = await readFile('test/catalogue/limits.ts', 'utf8');
    expect(rows).toMatch(new RegExp(`\\b${name}\\b`));
  });
});
