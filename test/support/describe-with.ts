import { spawnSync } from 'node:child_process';
import { hasRealEventStore, nodeCommand, sharedEventStoreUrl } from './engines/environment.js';

/**
 * `describe` for tests that need a program which npm does not bring. Where it is not installed, they
 * are skipped, which a line on the console says; with `CI` set that is a failure.
 */
export function describeWith(program: string, name: string, tests: () => void): void {
  const isInstalled = spawnSync(program, ['-V']).error === undefined;
  describeUnless(isInstalled ? '' : `${program} is not installed`, name, tests);
}

/**
 * `describe` for tests that need an event store of their own, with a new log, to be killed and frozen. An
 * address alone is of a server of somebody else: they are skipped, and with `CI` set that is a failure.
 */
export function describeWithOwnEventStore(name: string, tests: () => void): void {
  const isMissing = sharedEventStoreUrl() !== '' && nodeCommand() === '';
  describeUnless(isMissing ? 'EVENTSTOREDB_COMMAND is not set' : '', name, tests);
}

/** `describe` for what only the embedded stores promise; with a real event store it is not run. */
export function describeOnEmbeddedStores(name: string, tests: () => void): void {
  if (hasRealEventStore()) skip('it is about the embedded stores', name, tests);
  else describe(name, tests);
}

function describeUnless(missing: string, name: string, tests: () => void): void {
  if (missing === '') {
    describe(name, tests);
  } else if (process.env['CI']) {
    it(`${name}: can be tested`, () => {
      throw new Error(missing);
    });
  } else {
    skip(missing, name, tests);
  }
}

function skip(why: string, name: string, tests: () => void): void {
  // Jest keeps back what a suite without tests logs.
  process.stderr.write(`SKIPPED, because ${why}: ${name}\n`);
  describe.skip(name, tests);
}
