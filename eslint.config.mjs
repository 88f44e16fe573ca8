// What the editor refuses (H-04.1): imports a room may not make, floating promises, `any`, suppressions without a reason, sizes of H-54.
import tseslint from 'typescript-eslint'
import importX from 'eslint-plugin-import-x'

const ROOMS = ['domain', 'contract', 'api', 'workflows', 'activities', 'db', 'temporal', 'local', 'simulator', 'runtime', 'test']

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
/** Any file of a room, by its alias. */
const rooms = (...names) => names.map((name) => `^#${name}/`)
const but = (...allowed) => rooms(...ROOMS.filter((room) => !allowed.includes(room)))
/** A package, with its sub-paths. */
const packages = (...names) => names.map((name) => `^${escape(name)}(/|$)`)
/** Regular expressions, since a `#` opens a comment in the glob patterns of this rule. */
const restrict = (sources, message) => ({ 'no-restricted-imports': ['error', { patterns: [{ regex: sources.join('|'), message }] }] })
const NODE_BUILT_INS = ['^node:', ...packages('fs', 'net', 'http', 'https', 'crypto', 'path', 'os', 'child_process', 'worker_threads')]

const TEST_FILES = ['**/*.test.ts', 'test/**/*.ts']
const server = ['domain', 'api', 'workflows', 'activities', 'db', 'temporal', 'local', 'runtime', 'simulator', 'scripts', 'test'].map(
  (room) => `${room}/**/*.ts`,
)

/** Reading the clock, chance or the process is an input of the domain, never something it does (house § 2). */
const PURITY = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'domain has no clock: take the instant as an argument',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'domain has no clock: take the instant as an argument' },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'domain has no chance: take the draw as an argument',
  },
  { selector: "Identifier[name='process']", message: 'domain knows no process' },
]
/** Q-WFE-10: workflows of a type share a module; what one run writes another would read. */
const NO_MUTABLE_MODULE_STATE = [
  { selector: "Program > VariableDeclaration[kind='let']", message: 'no module-level mutable state (Q-WFE-10)' },
]
const NO_ENUM = { selector: 'TSEnumDeclaration', message: 'string unions instead of enums (H-53)' }
const NO_DEFAULT_EXPORT = { selector: 'ExportDefaultDeclaration', message: 'named exports only (H-06)' }

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'web/', 'reports/', '.data/', '.work/', 'docs/', '**/histories/**'] },
  {
    files: server,
    extends: [...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, properties: false } }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-require-imports': 'error',
      'import-x/no-cycle': 'off', // dependency-cruiser finds cycles on the whole graph, ten times faster
      'no-restricted-syntax': ['error', NO_ENUM, NO_DEFAULT_EXPORT],
      'max-lines': ['error', { max: 300, skipBlankLines: false }],
      complexity: ['error', 10],
      'max-params': ['error', 3],
    },
  },
  {
    files: server,
    ignores: TEST_FILES,
    rules: { 'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true, IIFEs: true }] },
  },
  {
    files: ['domain/**/*.ts'],
    ignores: TEST_FILES,
    rules: {
      ...restrict([...but(), ...NODE_BUILT_INS], 'domain imports nobody'),
      'no-restricted-syntax': ['error', NO_ENUM, NO_DEFAULT_EXPORT, ...PURITY, ...NO_MUTABLE_MODULE_STATE],
    },
  },
  {
    files: ['api/contract/**/*.ts'],
    ignores: TEST_FILES,
    rules: restrict([...but('domain'), ...packages('koa', 'pg', 'ioredis')], 'the contract knows domain and zod only'),
  },
  {
    files: ['workflows/**/*.ts'],
    ignores: TEST_FILES,
    rules: {
      ...restrict(
        [
          ...but('domain', 'workflows'),
          ...NODE_BUILT_INS,
          ...packages('zod', 'pg', 'typeorm', '@temporalio/client', '@temporalio/worker', '@temporalio/activity'),
        ],
        'workflow code imports domain and @temporalio/workflow',
      ),
      'no-restricted-syntax': ['error', NO_ENUM, NO_DEFAULT_EXPORT, ...NO_MUTABLE_MODULE_STATE],
    },
  },
  {
    files: ['activities/**/*.ts'],
    ignores: TEST_FILES,
    rules: restrict(
      [
        ...rooms('api', 'contract', 'simulator', 'local', 'test'),
        '^#db/repositories/',
        '^#db/entities/',
        '^#db/migrations/',
        '^#workflows/[^/]+/workflow$',
      ],
      'activities act through the units of work',
    ),
  },
  { files: ['db/**/*.ts'], ignores: TEST_FILES, rules: restrict(but('domain', 'runtime', 'db'), 'db knows domain and runtime only') },
  { files: ['runtime/**/*.ts'], ignores: TEST_FILES, rules: restrict(but('runtime'), 'runtime knows packages only') },
  {
    files: ['api/**/*.ts'],
    ignores: [...TEST_FILES, 'api/contract/**', 'api/main.ts', 'api/listener.ts'],
    rules: restrict(
      [...rooms('activities', 'simulator', 'local', 'test'), '^#db/entities/', '^#db/migrations/', '^#workflows/[^/]+/workflow$'],
      'the API acts through services, units of work and workflow messages',
    ),
  },
  {
    files: ['temporal/**/*.ts'],
    ignores: [...TEST_FILES, 'temporal/worker.ts'],
    rules: restrict(rooms('api', 'contract', 'simulator', 'local', 'test'), 'the engine knows no API'),
  },
  {
    files: ['simulator/**/*.ts'],
    ignores: TEST_FILES,
    rules: restrict(but('domain', 'simulator'), 'the simulator stands outside: domain and its own clients only'),
  },
  { files: ['local/**/*.ts'], ignores: TEST_FILES, rules: restrict(but('local'), 'the local stack starts programs, it imports none') },
)
