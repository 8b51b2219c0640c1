// Runs the fault suite: kills, a silent log, a failing disk, a second projector, linearizable revocation.
// Usage: npm run test:faults [-- --long | --kills N --operations N]
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    kills: { type: 'string' },
    operations: { type: 'string' },
  },
});
const kills = values.kills ?? (values.long ? '300' : '30');
const operations = values.operations ?? (values.long ? '1000000' : '100000');
for (const [name, value] of Object.entries({ kills, operations })) {
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    console.error(`--${name} must be a whole number from 1, not ${value}`);
    process.exit(1);
  }
}

const jest = spawn(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '--runInBand', 'test/faults'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules',
      FAULT_KILLS: kills,
      FAULT_OPERATIONS: operations,
    },
  },
);
jest.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
