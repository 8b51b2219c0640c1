const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const [app = 'supervisor', option] = process.argv.slice(2);
const folder = app === 'stores' ? 'engines/process' : `apps/${app}`;
const program = join(__dirname, '..', folder, 'dist', 'main.js');

if (option === '--build' || !existsSync(program)) {
  const { status } = spawnSync(process.execPath, [join(__dirname, 'build.mjs')], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error('Keytrail cannot start: it could not be built.');
    process.exit(1);
  }
}
import(pathToFileURL(program).href);
