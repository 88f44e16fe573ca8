/** Two tenants with a row of everything, people of every role, and the real API between them and the database. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { Client } from 'pg'
import type { DeviceMade } from '#test/factories/factories'
import { inTenant, insertRow } from '#test/factories/insert'
import { PASSWORD, PLATFORM_TENANT_ID, startTestApi, type TestApi } from '#test/harness/test-api'
import { forge, type Forgery } from './forgeries'
import { send } from './http'
import type { HostileOperation } from './open-api'
import { readRoleMatrix, ROLES, type CatalogueRole, type RoleMatrix } from './role-matrix'
import type { RowIds, Sources } from './valid-request'
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

interface Rows {
  readonly tenantId: string
  readonly spaceId: string
  readonly display: DeviceMade
  readonly ids: RowIds
  readonly euis: Readonly<Record<'devices' | 'gateways', string>>
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
  /** What a valid request of that operation is made of; single-use credentials are fresh each time. */
  sources(operation: HostileOperation): Promise<Sources>
  /** What the product wrote to its log so far, before redaction. */
  readonly logged: readonly LogLine[]
  witness(): Promise<Witness>
  /** A statement as superuser: what only another operator of the platform could do. */
  asAdmin(text: string, values: readonly unknown[]): Promise<void>
  close(): Promise<void>
}

export interface SignIn {
  readonly accessToken: string
  readonly refreshToken: string
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
  const sourceParts = { port, ids: own.ids, token: owner.accessToken, sessionHolder, loginHolder }
  const admin = new Client({ connectionString: api.database.adminUrl })
  await admin.connect()
  return {
    api,
    port,
    origin: ORIGIN,
    logged,
    matrix: readRoleMatrix(),
    own: { ...own, ids: { ...own.ids, sessions: await sessionOf(port, owner.accessToken) } },
    foreign: { ...foreign, ids: { ...foreign.ids, sessions: await sessionOf(port, stranger) }, cursors: await cursorsOf(port, stranger) },
    tokens: tokensOf(people),
    forgeries,
    sources: async (operation) => sourcesOf(operation, sourceParts, await makeConsumables(api, own)),
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

export async function signIn(port: number, email: string): Promise<SignIn> {
  const body = JSON.stringify({ email, password: PASSWORD })
  const { json, status } = await send(port, {
    method: 'POST',
    target: '/api/auth/login',
    headers: { 'content-type': 'application/json' },
    body,
  })
  if (status !== 200) throw new Error(`sign-in answered ${status}`)
  return { accessToken: String(json?.['access_token']), refreshToken: String(json?.['refresh_token']) }
}

interface SourceParts {
  readonly port: number
  readonly ids: RowIds
  /** For everything but `/api/auth`. */
  readonly token: string
  /** Whose sessions are ended and whose tokens are rotated; throttled by none but itself. */
  readonly sessionHolder: string
  /** Who is signed in as; wrong passwords throttle this account alone. */
  readonly loginHolder: string
}

/** Fresh credentials for `/api/auth`, so that ending a session or rotating a token takes nothing from the next request. */
async function sourcesOf(
  operation: HostileOperation,
  { port, ids, token, sessionHolder, loginHolder }: SourceParts,
  consumables: RowIds,
): Promise<Sources> {
  const named = { ...ids, ...consumables, code: 'resource.not_found' }
  const login = { email: loginHolder, password: PASSWORD }
  if (!operation.path.startsWith('/api/auth')) return { ids: named, token, bodies: {} }
  const [own, other] = [await signIn(port, sessionHolder), await signIn(port, sessionHolder)]
  const sessions = await sessionOf(port, other.accessToken)
  return { ids: { ...named, sessions }, token: own.accessToken, bodies: { login, refresh: { refresh_token: own.refreshToken } } }
}

async function sessionOf(port: number, token: string): Promise<string> {
  const { json } = await send(port, {
    method: 'GET',
    target: '/api/auth/sessions',
    headers: { authorization: `Bearer ${token}` },
    body: null,
  })
  const sessions = json?.['sessions'] as { id: string; current: boolean }[]
  return sessions.find(({ current }) => current)?.id ?? ''
}

async function cursorsOf(port: number, token: string): Promise<string[]> {
  const { json } = await send(port, {
    method: 'GET',
    target: '/api/v6/spaces?page_size=1&sort=name',
    headers: { authorization: `Bearer ${token}` },
    body: null,
  })
  return [String(json?.['next_cursor'])]
}

/** A tenant with one row of each resource that operations name, two spaces so that there is a next page. */
async function makeRows(api: TestApi): Promise<Rows> {
  const { make } = api
  const { tenantId } = await make.tenant()
  const { siteId } = await make.site({ tenantId })
  const { spaceId } = await make.space({ tenantId, siteId })
  await make.space({ tenantId, siteId })
  const sensor = await make.device({ tenantId, spaceId })
  const display = await make.device({ tenantId, kind: 'display', spaceId })
  const gateway = await make.gateway({ tenantId })
  const rows = { tenantId, display, spaceId }
  return {
    ...rows,
    ids: {
      tenants: tenantId,
      sites: siteId,
      spaces: spaceId,
      devices: sensor.deviceId,
      gateways: gateway.gatewayRef,
      ...(await makeConsumables(api, rows)),
    },
    euis: { devices: sensor.devEui, gateways: gateway.gatewayId },
  }
}

/** Rows that a successful command ends: new ones for every request. */
async function makeConsumables(
  { database }: TestApi,
  { tenantId, display, spaceId }: Pick<Rows, 'tenantId' | 'display' | 'spaceId'>,
): Promise<RowIds> {
  const [downlinkId, deadLetterId, overrideId] = [randomUUID(), randomUUID(), randomUUID()]
  const own = { tenant_id: tenantId }
  const command = { origin: 'manual', command: 'set_display', payload: Buffer.from('00'), f_port: 15 }
  const letter = { source: 'mqtt', reason: 'not_json', raw: Buffer.from('{'), content_hash: randomBytes(32), received_at: new Date() }
  const override = { kind: 'blocked', starts_at: new Date(), created_by_type: 'user' }
  await inTenant(database.pool, tenantId, async (client) => {
    await insertRow(client, 'downlink_queue', {
      ...own,
      id: downlinkId,
      device_id: display.deviceId,
      dev_eui: display.devEui,
      space_id: spaceId,
      ...command,
    })
    await insertRow(client, 'ingest_dead_letters', { ...own, id: deadLetterId, ...letter })
    await insertRow(client, 'space_overrides', { ...own, id: overrideId, space_id: spaceId, ...override })
  })
  return { downlinks: downlinkId, 'dead-letters': deadLetterId, override_id: overrideId }
}
