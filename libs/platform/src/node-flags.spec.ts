import { readFile } from 'node:fs/promises';
import { nodeFlags } from './node-flags.js';

const anyFlags = String.raw`(?:--[a-z0-9-]+=\d+,? )*`;

/** The flags given to Node.js before a program, wherever a file runs it. */
async function flagsIn(file: string, program: string): Promise<string[][]> {
  const text = (await readFile(file, 'utf8')).replaceAll('"', '').replaceAll(/\s+/g, ' ');
  const command = String.raw`(?:exec |\[ ?)node,? (${anyFlags})(?:scripts/start\.cjs )?${program}\b`;
  return [...text.matchAll(new RegExp(command, 'g'))].map(
    ([, flags = '']) => flags.match(/--[a-z0-9-]+=\d+/g) ?? [],
  );
}

describe('the flags of Node.js', () => {
  it.each([
    ['api', 'package.json', 'api'],
    ['projector', 'package.json', 'projector'],
    ['projector', 'package.json', 'apps/projector'],
    ['stores', 'package.json', 'stores'],
    ['api', 'Dockerfile', 'apps/api'],
    ['api', 'docker-compose.yml', 'apps/api'],
    ['projector', 'docker-compose.yml', 'apps/projector'],
  ] as const)('of %s are those of %s', async (part, file, program) => {
    const commands = await flagsIn(file, program);
    expect(commands).not.toEqual([]);
    expect(commands).toEqual(commands.map(() => nodeFlags[part]));
  });

  it.each(Object.entries(nodeFlags))('of %s are those of the runbook', async (_, flags) => {
    expect(await readFile('docs/runbook.md', 'utf8')).toContain(flags.join(' '));
  });
});
