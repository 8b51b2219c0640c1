import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { VERSION } from '../src/version.js';

const packageFile = async (name: string): Promise<string> => readFile(`libs/sdk/${name}`, 'utf8');

describe('the published package', () => {
  it('has the types of openapi.json (else run `npm run openapi`)', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'keytrail-types-'));
    const target = join(dir, 'api-types.ts');
    await promisify(execFile)(process.execPath, [
      'libs/sdk/scripts/generate-types.mjs',
      'openapi.json',
      target,
    ]);
    const present = (text: string): string => text.replace(/\s+|['"]/g, '');
    const isFresh =
      present(await readFile(target, 'utf8')) === present(await packageFile('src/api-types.ts'));
    // Not the texts themselves: nobody reads a difference of a thousand lines.
    expect(isFresh).toBe(true);
    await rm(dir, { recursive: true });
  });

  it('needs one other package and names its own version', async () => {
    const manifest = JSON.parse(await packageFile('package.json')) as Record<string, unknown>;
    expect(manifest['version']).toBe(VERSION);
    expect(Object.keys(manifest).filter((name) => /dependencies/i.test(name))).toEqual([
      'dependencies',
    ]);
    expect(Object.keys(manifest['dependencies'] as object)).toEqual(['eventsource-parser']);
    expect(manifest['private']).toBeUndefined();
  });
});
