import { readFile } from 'node:fs/promises';
import { VERSION } from '../src/common/version.js';

describe('the published package', () => {
  it('needs one other package and names its own version', async () => {
    const manifest = JSON.parse(await readFile('libs/sdk/package.json', 'utf8')) as Record<
      string,
      unknown
    >;
    expect(manifest['version']).toBe(VERSION);
    expect(Object.keys(manifest).filter((name) => /dependencies/i.test(name))).toEqual([
      'dependencies',
    ]);
    expect(Object.keys(manifest['dependencies'] as object)).toEqual(['eventsource-parser']);
    expect(manifest['private']).toBeUndefined();
  });
});
