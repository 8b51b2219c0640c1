import { readFileSync } from 'node:fs';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly name?: string }>>;
}

it('package-lock.json holds no package that reports installations to its vendor', () => {
  const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
  const names = Object.entries((JSON.parse(text) as Lock).packages).map(
    ([path, { name }]) => name ?? path.replace(/^.*node_modules\//, ''),
  );
  expect(names).not.toContain('@scarf/scarf');
});
