/** What a room can reach, not only what it names (H-04.2, house § 2). Runs on the whole graph. */
const TESTS = '\\.test\\.ts$|^test/'
const ROOMS = 'domain|api|workflows|activities|db|temporal|local|runtime|simulator|scripts|test|web'
const ENTRIES = '^(api/main|api/listener|temporal/worker|temporal/setup|scripts/.*|simulator/network-server/main)\\.ts$'

/** A room may import itself and the rooms listed; everything else of ours is refused. */
const mayOnly = (room, allowed, extraNot = []) => ({
  name: `${room}-imports`,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: [TESTS, ENTRIES, ...extraNot] },
  to: { path: `^(${ROOMS})/`, pathNot: [`^${room}/`, ...allowed.map((path) => `^${path}`)] },
})

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    mayOnly('domain', []),
    {
      name: 'contract-imports',
      severity: 'error',
      from: { path: '^api/contract/', pathNot: TESTS },
      to: { path: `^(${ROOMS})/`, pathNot: '^(api/contract|domain)/' },
    },
    mayOnly('workflows', ['domain/']),
    mayOnly('db', ['domain/', 'runtime/']),
    mayOnly('runtime', []),
    mayOnly('simulator', ['domain/']),
    mayOnly('local', []),
    mayOnly('activities', [
      'domain/',
      'runtime/',
      'db/(unit-of-work|errors|events|redis|outbox-dispatcher)',
      'db/projection/',
      'temporal/(failures|client)',
      'workflows/[^/]+/(port|messages)',
    ]),
    mayOnly('temporal', ['workflows/[^/]+/messages', 'domain/', 'runtime/']),
    mayOnly(
      'api',
      [
        'domain/',
        'runtime/',
        'db/(unit-of-work|errors|events|redis|outbox-dispatcher)',
        'db/projection/',
        'temporal/(client|failures)',
        'workflows/[^/]+/messages',
      ],
      ['^api/contract/'],
    ),
    {
      name: 'workflow-files-stay',
      severity: 'error',
      from: { path: '^(api|db|runtime)/', pathNot: [TESTS, ENTRIES] },
      to: { path: '^workflows/[^/]+/workflow\\.ts$', reachable: true },
    },
    {
      name: 'workflows-reach-no-engine',
      severity: 'error',
      from: { path: '^workflows/', pathNot: TESTS },
      to: { path: 'node_modules/(typeorm|pg|zod|koa|ioredis|mqtt)/', reachable: true },
    },
    {
      name: 'domain-reaches-named-packages',
      severity: 'error',
      from: { path: '^domain/', pathNot: TESTS },
      to: { dependencyTypes: ['npm', 'core'], pathNot: 'node_modules/@casl/ability' },
    },
    {
      name: 'entries-are-not-imported',
      severity: 'error',
      from: { path: `^(${ROOMS})/`, pathNot: ['^test/', TESTS] },
      to: { path: '^(api/main|api/listener|temporal/worker)\\.ts$' },
    },
    { name: 'tests-are-not-imported', severity: 'error', from: { pathNot: ['^test/', TESTS] }, to: { path: '^test/|\\.test\\.ts$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|web|histories)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'], exportsFields: ['exports'] },
  },
}
