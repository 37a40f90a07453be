import { shared } from './jest.shared.mjs';

/** Three projects: `node` (core, blocks, server on real PostgreSQL), `jsdom` (components), `browser` (real Chromium). */
export default {
  // Far more than any test needs, on a machine that has much else to do, too: more means that it is stuck.
  testTimeout: 180_000,
  projects: [
    {
      ...shared,
      displayName: 'node',
      testEnvironment: 'node',
      testMatch: [
        '<rootDir>/tests/{core,blocks,server,scenarios,testing,project,reliability,trigger}/**/*.test.ts',
      ],
      globalSetup: '<rootDir>/tests/support/postgres-setup.ts',
      globalTeardown: '<rootDir>/tests/support/postgres-teardown.ts',
    },
    {
      ...shared,
      displayName: 'jsdom',
      testEnvironment: 'jsdom',
      testMatch: ['<rootDir>/tests/components/**/*.test.tsx'],
      setupFilesAfterEnv: ['<rootDir>/tests/support/jsdom-setup.ts'],
    },
    {
      ...shared,
      displayName: 'browser',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/tests/browser/**/*.test.ts'],
    },
  ],
};
