import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^@keytrail/embedded-(storage|eventstore|mongo)$': '<rootDir>/engines/$1/src/index.ts',
    '^@keytrail/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^content-disposition$': '<rootDir>/test/support/content-disposition.cjs',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/engines', '<rootDir>/test'],
  globalSetup: '<rootDir>/test/support/engines/run-begins.mjs',
  globalTeardown: '<rootDir>/test/support/engines/run-ends.mjs',
  testSequencer: '<rootDir>/test/support/browser-first.mjs',
  testMatch: ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts'],
  // The longest that a test or a hook may wait, on a busy machine too; no test asserts times.
  testTimeout: 60_000,
  modulePathIgnorePatterns: ['/dist/'],
  // Suites start processes of their own, so that more would wait for each other.
  maxWorkers: Math.min(availableParallelism(), 4),
  // Modules of suites that have ended are kept, gigabytes in the end: a worker begins anew now and then.
  workerIdleMemoryLimit: '1GB',
};
