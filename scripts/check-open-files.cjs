// Each connection and each file of the program takes one; with too few, modules cannot even be loaded, and the
// error of that names anything but the cause.
const { execFileSync } = require('node:child_process');

const needed = 1024;
const allowed = execFileSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();

if (allowed !== 'unlimited' && Number(allowed) < needed) {
  console.error(
    `Keytrail cannot start: this process may open ${allowed} files, and it needs ${needed} or more; raise the limit with ulimit -n, or LimitNOFILE of its unit.`,
  );
  process.exit(1);
}
