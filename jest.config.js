/** Unit tests need nothing; int tests use the real parts that the harness starts; stack tests start the whole platform, one at a time. */
const WHOLE_STACK = ['<rootDir>/test/e2e/', '<rootDir>/test/faults/']

const common = {
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  haste: { enableSymlinks: false },
}

module.exports = {
  testTimeout: 30000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.int\\.test\\.ts$', '<rootDir>/web/'],
    },
    {
      ...common,
      displayName: 'int',
      testMatch: ['<rootDir>/**/*.int.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/web/', ...WHOLE_STACK],
    },
    {
      ...common,
      displayName: 'stack',
      testMatch: WHOLE_STACK.map((folder) => `${folder}**/*.int.test.ts`),
      testPathIgnorePatterns: ['/node_modules/', '/dist/'],
    },
  ],
}
