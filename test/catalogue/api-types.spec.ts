import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

describe('the types of openapi.json', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'keytrail-types-'));
    await promisify(execFile)(process.execPath, ['scripts/api-types.mjs', dir]);
  });
  afterAll(() => rm(dir, { recursive: true }));

  it.each(['libs/sdk/src/api-types.ts', 'apps/dashboard/src/api/api-types.ts'])(
    'are in %s (else run `npm run openapi`)',
    async (file) => {
      const isFresh = (await readFile(join(dir, file), 'utf8')) === (await readFile(file, 'utf8'));
      // Not the texts themselves: nobody reads a difference of a thousand lines.
      expect(isFresh).toBe(true);
    },
  );
});
