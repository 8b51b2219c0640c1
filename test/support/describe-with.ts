import { spawnSync } from 'node:child_process';

/**
 * `describe` for tests that need a program which npm does not bring. Where it is not installed, they
 * are skipped, which a line on the console says; with `CI` set that is a failure.
 */
export function describeWith(program: string, name: string, tests: () => void): void {
  const isInstalled = spawnSync(program, ['-V']).error === undefined;
  if (isInstalled) {
    describe(name, tests);
    return;
  }
  if (process.env['CI']) {
    it(`${name}: can be tested`, () => {
      throw new Error(`${program} is not installed`);
    });
    return;
  }
  // Jest keeps back what a suite without tests logs.
  process.stderr.write(`SKIPPED, because ${program} is not installed: ${name}\n`);
  describe.skip(name, tests);
}
