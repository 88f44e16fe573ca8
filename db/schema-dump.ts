/** Describes a migrated database as text, sorted and stable, from the catalogue alone: there is no `pg_dump` everywhere (DB-883). */
import { Client } from 'pg'
import * as facets from './schema-facets'
import type { FacetLine } from './schema-facets'

type Lines = ReadonlyMap<string, readonly string[]>

const HEADER = `-- The migrated database, written by \`npm run db:dump\` from the catalogue; never edited by hand (DB-883).
-- Months of partitioned tables are shown by pattern.`

/** Facets of a relation that follow its definition, in the order of the text. */
const FOLLOWING = ['INDEXES', 'STATISTICS', 'ROW_SECURITY', 'POLICIES', 'TRIGGERS', 'GRANTS', 'COMMENTS'] as const

async function readFacet(client: Client, query: string): Promise<Lines> {
  const { rows } = await client.query<FacetLine>(query)
  const lines = new Map<string, string[]>()
  for (const { object, line } of rows) lines.set(object, [...(lines.get(object) ?? []), line])
  return lines
}

interface Definitions {
  readonly columns: Lines
  readonly constraints: Lines
  readonly storage: Lines
  readonly views: Lines
  readonly partitions: Lines
}

function defineRelation(name: string, from: Definitions): string {
  const of = (facet: Lines) => facet.get(name) ?? []
  const storage = of(from.storage).join('')
  const [view] = of(from.views)
  if (view !== undefined) return `create view ${name}${storage} as\n${view}`
  const body = [...of(from.columns), ...of(from.constraints)].map((line) => `  ${line}`).join(',\n')
  return [`create table ${name} (\n${body}\n)${storage};`, ...of(from.partitions)].join('\n')
}

async function describe(client: Client): Promise<string> {
  const read = (query: string) => readFacet(client, query)
  const definitions: Definitions = {
    columns: await read(facets.COLUMNS),
    constraints: await read(facets.CONSTRAINTS),
    storage: await read(facets.STORAGE),
    views: await read(facets.VIEWS),
    partitions: await read(facets.PARTITIONS),
  }
  const following: Lines[] = []
  for (const facet of FOLLOWING) following.push(await read(facets[facet]))
  const relations = [...(await read(facets.RELATION_KINDS)).keys()].map((name) =>
    [defineRelation(name, definitions), ...following.flatMap((facet) => facet.get(name) ?? [])].join('\n'),
  )
  const schema = [...(await read(facets.SCHEMA)).values()].flat().join('\n')
  const functions = [...(await read(facets.FUNCTIONS)).values()].flat()
  return `${[HEADER, schema, ...functions, ...relations].join('\n\n')}\n`
}

/** The whole schema `public` of the database at `url`; any role that may connect will do. */
export async function dumpSchema(url: string): Promise<string> {
  const client = new Client({ connectionString: url, options: '-c search_path=public' })
  await client.connect()
  try {
    return await describe(client)
  } finally {
    await client.end()
  }
}
