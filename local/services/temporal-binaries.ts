/** Where Temporal comes from: a named folder, the tool cache, one build with Go, else the command-line tool (OPS-013). */
import { join } from 'node:path'
import { findInFolders, findOnPath } from '../find-tool'
import { buildTool, goVersionProblem, type GoBuild } from './temporal-build'
import { findTemporalCli, type TemporalCli } from './temporal-cli'
import type { FindContext, Search } from './service'

/** The programs of production. */
export interface TemporalPrograms {
  readonly kind: 'programs'
  readonly server: string
  /** The schema tool. */
  readonly schema: string
  readonly ui: string
  readonly source: string
  readonly version: string
}

export type TemporalTool = TemporalPrograms | TemporalCli

const TEMPORAL_VERSION = '1.32.0'
export const TEMPORAL_UI_VERSION = '2.55.0'

/** As our build, a hand-made folder and the official images call them. */
const NAMES = {
  server: ['temporal-server'],
  schema: ['temporal-sql-tool', 'sql'],
  ui: ['temporal-ui-server', 'temporal-ui', 'ui-server'],
} as const

type Part = keyof typeof NAMES
type Parts = Readonly<Record<Part, string | null>>

export function findTemporal(context: FindContext): Search<TemporalTool> {
  const named = context.env['TEMPORAL_SERVER_PATH']
  if (named && !findInFolders(NAMES.server, [named]))
    return { missing: `Temporal: TEMPORAL_SERVER_PATH=${named} holds no ${NAMES.server[0]}` }
  const complete = completed(partsIn(context), named ? 'TEMPORAL_SERVER_PATH' : 'tool cache')
  if (complete) return { found: { source: complete.source, isThere: true, obtain: () => Promise.resolve(complete) } }
  const problem = goProblem(context)
  if (problem === null) return { found: { source: 'built once with Go', isThere: false, obtain: () => build(context) } }
  const cli = findTemporalCli(context)
  if ('found' in cli) return cli
  const tried = `tried TEMPORAL_SERVER_PATH, the tool cache, Go (${problem}), the command-line tool (${cli.missing})`
  return { missing: `Temporal: ${tried}; install Go (https://go.dev/dl), or set TEMPORAL_ADDRESS` }
}

async function build(context: FindContext): Promise<TemporalTool> {
  for (const tool of builds(context)) {
    const isThere = tool.parts.every((part) => partsIn(context)[part] !== null)
    if (!isThere) await buildTool(tool)
  }
  const complete = completed(partsIn(context), 'built with Go')
  if (!complete) throw new Error('the build of Temporal left a program out')
  return complete
}

/** Two folders, since the two are released apart. */
function builds(context: FindContext): (GoBuild & { readonly parts: readonly Part[] })[] {
  const [serverFolder, uiFolder] = cacheFolders(context)
  return [
    {
      folder: serverFolder,
      title: `Temporal server ${TEMPORAL_VERSION}`,
      parts: ['server', 'schema'],
      programs: [
        { module: `go.temporal.io/server/cmd/server@v${TEMPORAL_VERSION}`, name: NAMES.server[0] },
        { module: `go.temporal.io/server/cmd/tools/sql@v${TEMPORAL_VERSION}`, name: NAMES.schema[0] },
      ],
      context,
    },
    {
      folder: uiFolder,
      title: `Temporal UI ${TEMPORAL_UI_VERSION}`,
      parts: ['ui'],
      programs: [{ module: `github.com/temporalio/ui-server/v2/cmd/server@v${TEMPORAL_UI_VERSION}`, name: NAMES.ui[0] }],
      context,
    },
  ]
}

function partsIn(context: FindContext): Parts {
  const named = context.env['TEMPORAL_SERVER_PATH']
  const folders = [...(named ? [named] : []), ...cacheFolders(context)]
  const find = (part: Part): string | null => findInFolders(NAMES[part], folders)
  return { server: find('server'), schema: find('schema'), ui: find('ui') }
}

function completed({ server, schema, ui }: Parts, source: string): TemporalPrograms | null {
  return server && schema && ui ? { kind: 'programs', server, schema, ui, source, version: TEMPORAL_VERSION } : null
}

function cacheFolders({ cache }: FindContext): [string, string] {
  return [join(cache, `temporal-${TEMPORAL_VERSION}`), join(cache, `temporal-ui-${TEMPORAL_UI_VERSION}`)]
}

function goProblem({ env }: FindContext): string | null {
  const go = findOnPath(['go'], env)
  return go ? goVersionProblem(go) : 'not on PATH'
}
