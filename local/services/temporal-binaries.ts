/** The Temporal server's programs: a named folder, the tool cache, else built once with Go (OPS-013). */
import { join } from 'node:path'
import { findInFolders, findOnPath } from '../find-tool'
import { buildTool, goVersionProblem } from './temporal-build'
import type { FindContext, Search } from './service'

export interface TemporalTool {
  readonly server: string
  readonly schema: string
  readonly source: string
  readonly version: string
}

export interface TemporalUiTool {
  readonly server: string
  readonly source: string
  readonly version: string
}

export const TEMPORAL_VERSION = '1.32.0'
export const TEMPORAL_UI_VERSION = '2.55.0'

/** As our build, a hand-made folder and the official images call them. */
const SERVER_NAMES = ['temporal-server']
const SCHEMA_NAMES = ['temporal-sql-tool', 'sql']
const UI_NAMES = ['temporal-ui-server', 'temporal-ui', 'ui-server']

export function findTemporal(context: FindContext): Search<TemporalTool> {
  const folder = join(context.cache, `temporal-${TEMPORAL_VERSION}`)
  const named = context.env['TEMPORAL_SERVER_PATH']
  if (named && !serverIn(named, named)) {
    return { missing: `Temporal: TEMPORAL_SERVER_PATH=${named} holds no ${SERVER_NAMES[0]} with ${SCHEMA_NAMES.join(' or ')}` }
  }
  const ready = lookIn(context, folder, serverIn)
  if (ready) return ready
  return searchBuild(context, 'TEMPORAL_ADDRESS', async () => {
    await buildTool({
      folder,
      title: `Temporal server ${TEMPORAL_VERSION}`,
      programs: [
        { module: `go.temporal.io/server/cmd/server@v${TEMPORAL_VERSION}`, name: 'temporal-server' },
        { module: `go.temporal.io/server/cmd/tools/sql@v${TEMPORAL_VERSION}`, name: 'temporal-sql-tool' },
      ],
      context,
    })
    return required(serverIn(folder, 'built with Go'))
  })
}

export function findTemporalUi(context: FindContext): Search<TemporalUiTool> {
  const folder = join(context.cache, `temporal-ui-${TEMPORAL_UI_VERSION}`)
  const ready = lookIn(context, folder, uiIn)
  if (ready) return ready
  return searchBuild(context, 'TEMPORAL_ADDRESS', async () => {
    await buildTool({
      folder,
      title: `Temporal UI ${TEMPORAL_UI_VERSION}`,
      programs: [{ module: `github.com/temporalio/ui-server/v2/cmd/server@v${TEMPORAL_UI_VERSION}`, name: 'temporal-ui-server' }],
      context,
    })
    return required(uiIn(folder, 'built with Go'))
  })
}

function lookIn<T>(context: FindContext, cached: string, read: (folder: string, source: string) => T | null): Search<T> | null {
  const named = context.env['TEMPORAL_SERVER_PATH']
  const inNamed = named ? read(named, 'TEMPORAL_SERVER_PATH') : null
  if (inNamed) return { found: { source: 'TEMPORAL_SERVER_PATH', isThere: true, obtain: () => Promise.resolve(inNamed) } }
  const inCache = read(cached, 'tool cache')
  return inCache ? { found: { source: 'tool cache', isThere: true, obtain: () => Promise.resolve(inCache) } } : null
}

function searchBuild<T>(context: FindContext, variable: string, obtain: () => Promise<T>): Search<T> {
  const go = findOnPath(['go'], context.env)
  const problem = go ? goVersionProblem(go) : 'no Go toolchain on PATH'
  if (problem === null) return { found: { source: 'Go toolchain', isThere: false, obtain } }
  return { missing: `Temporal: tried TEMPORAL_SERVER_PATH, the tool cache; ${problem}; install Go (https://go.dev/dl), or set ${variable}` }
}

function serverIn(folder: string, source: string): TemporalTool | null {
  const server = findInFolders(SERVER_NAMES, [folder])
  const schema = findInFolders(SCHEMA_NAMES, [folder])
  return server && schema ? { server, schema, source, version: TEMPORAL_VERSION } : null
}

function uiIn(folder: string, source: string): TemporalUiTool | null {
  const server = findInFolders(UI_NAMES, [folder])
  return server ? { server, source, version: TEMPORAL_UI_VERSION } : null
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('the build left no program')
  return value
}
