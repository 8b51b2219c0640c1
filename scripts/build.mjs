// Compiles every package (apps/*, libs/*) from src/ to its own dist/ with swc, so that a package's
// `exports` point at real files and no path alias has to be rewritten. Types are checked by `npm run check`.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const isSource = (file) => /\.ts$/.test(file) && !/(\.d|spec|\.fixture)\.ts$/.test(file);

async function compile(packageDir, file) {
  const source = join(packageDir, 'src', file);
  const target = join(packageDir, 'dist', file.replace(/\.ts$/, '.js'));
  const { code, map } = await transformFile(source, {
    sourceFileName: relative(dirname(target), source),
  });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
  await writeFile(`${target}.map`, map);
}

async function build(packageDir) {
  const files = await readdir(join(packageDir, 'src'), { recursive: true });
  await rm(join(packageDir, 'dist'), { recursive: true, force: true });
  await Promise.all(files.filter(isSource).map((file) => compile(packageDir, file)));
}

const bundledByVite = 'dashboard';
for (const group of ['apps', 'libs']) {
  const names = await readdir(join(root, group));
  await Promise.all(
    names.filter((name) => name !== bundledByVite).map((name) => build(join(root, group, name))),
  );
}
