/** Two tenants with a row of everything, people of every role, and the real API between them and the database. */
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { Client } from 'pg'
import { inTenant } from '#test/factories/insert'
import { PLATFORM_TENANT_ID, startTestApi, type TestApi } from '#test/harness/test-api'
import { sessionOf, signIn, sourcesOf, type Freshness } from './credentials'
import { forge, type Forgery } from './forgeries'
import { send } from './http'
import type { HostileOperation } from './open-api'
import { readRoleMatrix, ROLES, type CatalogueRole, type RoleMatrix } from './role-matrix'
import type { Sources } from './valid-request'
import { makeConsumables, makeRows, type Rows } from './world-rows'
import { createWitness, type Witness } from './witness'

export const ORIGIN = 'https://console.example'
export const JWT_SECRET = 'test secret of at least thirty-two bytes'

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug'
  readonly text: string
}

function recordLog(lines: LogLine[]) {
  const at =
    (level: LogLine['level']) =>
    (first: unknown, ...rest: unknown[]) =>
      void lines.push({ level, text: inspect([first, ...rest], { depth: 6 }) })
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}

export interface HostileWorld {
  readonly api: TestApi
  readonly port: number
  readonly origin: string
  readonly matrix: RoleMatrix
  readonly own: Rows
  readonly foreign: Rows & { readonly cursors: readonly string[] }
  /** Access tokens of people of the own tenant, and of a platform admin on the platform tenant. */
  readonly tokens: Readonly<Record<CatalogueRole, string>>
  readonly forgeries: readonly Forgery[]
  /** What a valid request of that operation is made of; rows that a command ends are new each time. */
  sources(operation: HostileOperation, freshness: Freshness): Promise<Sources>
  /** What the product wrote to its log so far, before redaction. */
  readonly logged: readonly LogLine[]
  witness(): Promise<Witness>
  /** A statement as superuser: what only another operator of the platform could do. */
  asAdmin(text: string, values: readonly unknown[]): Promise<void>
  close(): Promise<void>
}

export async function createHostileWorld(): Promise<HostileWorld> {
  const logged: LogLine[] = []
  const api = await startTestApi({ settings: SETTINGS, documents: DOCUMENTS, log: recordLog(logged) })
  const { port } = api.api.server.address() as AddressInfo // a TCP server's address
  const [own, foreign] = [await makeRows(api), await makeRows(api)]
  const people = await makePeople(api, own.tenantId)
  const stranger = (await api.person(foreign.tenantId, 'owner')).client.token
  const owner = await signIn(port, people.owner.email)
  const forgeries = forge({
    genuine: owner.accessToken,
    refreshToken: owner.refreshToken,
    secret: JWT_SECRET,
    foreignTenantId: foreign.tenantId,
  })
  const holders = [await api.person(own.tenantId, 'owner'), await api.person(own.tenantId, 'owner')].map(({ email }) => email)
  const [sessionHolder = '', loginHolder = ''] = holders
  const sessionId = await sessionOf(port, owner.accessToken)
  const credentials = { port, shared: { ...owner, sessionId }, sessionHolder, loginHolder }
  const admin = new Client({ connectionString: api.database.adminUrl })
  await admin.connect()
  return {
    api,
    port,
    origin: ORIGIN,
    logged,
    matrix: readRoleMatrix(),
    own: { ...own, ids: { ...own.ids, sessions: sessionId } },
    foreign: { ...foreign, ids: { ...foreign.ids, sessions: await sessionOf(port, stranger) }, cursors: await cursorsOf(port, stranger) },
    tokens: tokensOf(people),
    forgeries,
    sources: async (operation, freshness) =>
      sourcesOf(operation, credentials, { ids: { ...own.ids, ...(await makeConsumables(api, own)) }, freshness }),
    witness: await createWitness(admin),
    asAdmin: async (text, values) => void (await admin.query(text, [...values])),
    close: async () => {
      await admin.end()
      await api.close()
    },
  }
}

/** Limits off but the login throttle (API-055): the catalogue asks more than any client may. */
const SETTINGS = {
  jwtSecret: JWT_SECRET,
  encryptionKey: 'test key of at least thirty-two bytes, too',
  accessTokenTtlSeconds: 3600,
  refreshTokenTtlDays: 30,
  platformTenantId: PLATFORM_TENANT_ID,
  publicUrl: 'http://localhost:8000',
  corsOrigins: [ORIGIN],
  rateLimitEnabled: false,
}

const FINE = { status: 200, body: { status: 'healthy' } }
const DOCUMENTS = {
  health: { live: () => FINE, ready: () => FINE, summary: () => FINE },
  healthExtra: () => ({}),
  metricsText: () => Promise.resolve(''),
  metricsToken: undefined,
  isProduction: false,
  problemPages: { find: () => 'a page' },
}

type People = Record<CatalogueRole, Awaited<ReturnType<TestApi['person']>>>

async function makePeople(api: TestApi, tenantId: string): Promise<People> {
  await makePlatformTenant(api)
  const entries = ROLES.map(
    async (role) =>
      [role, role === 'platform_admin' ? await api.person(PLATFORM_TENANT_ID, 'owner') : await api.person(tenantId, role)] as const,
  )
  return Object.fromEntries(await Promise.all(entries)) as People // one entry per role
}

async function makePlatformTenant({ database, make }: TestApi): Promise<void> {
  const { rowCount } = await inTenant(database.pool, PLATFORM_TENANT_ID, (client) =>
    client.query('select from tenants where id = $1', [PLATFORM_TENANT_ID]),
  )
  if (rowCount === 0) await make.tenant({ columns: { id: PLATFORM_TENANT_ID, type: 'platform' } })
}

const tokensOf = (people: People) =>
  Object.fromEntries(ROLES.map((role) => [role, people[role].client.token])) as Record<CatalogueRole, string>

async function cursorsOf(port: number, token: string): Promise<string[]> {
  const { json } = await send(port, {
    method: 'GET',
    target: '/api/v6/spaces?page_size=1&sort=name',
    headers: { authorization: `Bearer ${token}` },
    body: null,
  })
  return [String(json?.['next_cursor'])]
}
