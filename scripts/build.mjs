// Compiles every package (apps/*, libs/*, engines/*) from src/ to its own dist/ with swc, so that a package's
// `exports` point at real files and no path alias has to be rewritten. Types are checked by `npm run check`.
// A file whose content stays the same is left alone: what is running may be built again beside it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transformFile } from '@swc/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const isSource = (file) => /\.ts$/.test(file) && !/(\.d|spec|\.fixture)\.ts$/.test(file);

async function writeIfChanged(target, content) {
  const present = await readFile(target, 'utf8').catch(() => undefined);
  if (present === content) return;
  const whole = `${target}.${process.pid}`;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(whole, content);
  await rename(whole, target);
}

/** Answers with the names of the files that belong to a source, relative to dist/. */
async function compile(packageDir, file) {
  const source = join(packageDir, 'src', file);
  const name = file.replace(/\.ts$/, '.js');
  const target = join(packageDir, 'dist', name);
  const { code, map } = await transformFile(source, {
    sourceFileName: relative(dirname(target), source),
  });
  await writeIfChanged(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
  await writeIfChanged(`${target}.map`, map);
  return [name, `${name}.map`, file.replace(/\.ts$/, '.d.ts')];
}

async function build(packageDir) {
  const files = await readdir(join(packageDir, 'src'), { recursive: true }).catch(() => []);
  const made = await Promise.all(files.filter(isSource).map((file) => compile(packageDir, file)));
  const dist = join(packageDir, 'dist');
  const kept = new Set(made.flat());
  const present = await readdir(dist, { recursive: true }).catch(() => []);
  const stale = present.filter((file) => /\.(js|js\.map|d\.ts)$/.test(file) && !kept.has(file));
  await Promise.all(stale.map((file) => rm(join(dist, file), { force: true })));
}

const bundledByVite = join(root, 'apps', 'dashboard');
/** Only tests import it, as source. */
const forTests = join(root, 'libs', 'testing');

async function bundle() {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const bundler = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: bundledByVite,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(bundler, 'exit');
  if (code !== 0) {
    console.error('The dashboard could not be built.');
    process.exit(1);
  }
}

async function packages() {
  const groups = ['apps', 'libs', 'engines'].map(async (group) =>
    (await readdir(join(root, group))).map((name) => join(root, group, name)),
  );
  return (await Promise.all(groups))
    .flat()
    .filter((dir) => dir !== bundledByVite && dir !== forTests);
}

const published = ['guard', 'sdk'].map((name) => join(root, 'libs', name));

/** Emits the declarations of a package that is used outside of this repository; nobody there has its sources. */
async function declare(packageDir) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', packageDir]).catch(({ stdout }) => {
    throw new Error(`${relative(root, packageDir)} does not compile:\n${stdout}`);
  });
}

await Promise.all([...(await packages()).map(build), ...published.map(declare)]);
await bundle();
