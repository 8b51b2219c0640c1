import { readFile } from 'node:fs/promises';
import { apiHeapFlags } from './heap-flags.js';

describe('the flags of an api process', () => {
  it.each(['package.json', 'Dockerfile', 'docker-compose.yml', 'docs/runbook.md'])(
    'are those of %s',
    async (file) => {
      const text = await readFile(file, 'utf8');
      const named = new Set(text.match(/--max-(?:old|semi)-space-size=\d+/g));
      expect([...named].sort()).toEqual([...apiHeapFlags].sort());
    },
  );
});
