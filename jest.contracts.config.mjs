import { shared } from './jest.shared.mjs';

/** Contract tests: see scripts/contracts.mjs. The setup starts a Slack written by others, which is an ES module Jest cannot load itself. */
export default {
  ...shared,
  testTimeout: 30_000,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/contracts/**/*.test.ts'],
  globalSetup: '<rootDir>/tests/contracts/setup.mjs',
  globalTeardown: '<rootDir>/tests/contracts/teardown.mjs',
};
