/** Two tenants with a row of everything, people of every role, and the real API between them and the database. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Client } from 'pg'
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

interface Rows {
  readonly tenantId: string
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
  witness(): Promise<Witness>
  close(): Promise<void>
}

export interface SignIn {
  readonly accessToken: string
  readonly refreshToken: string
}

export async function createHostileWorld(): Promise<HostileWorld> {
  const api = await startTestApi({ settings: SETTINGS })
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
  const admin = new Client({ connectionString: api.database.adminUrl })
  await admin.connect()
  return {
    api,
    port,
    origin: ORIGIN,
    matrix: readRoleMatrix(),
    own: { ...own, ids: { ...own.ids, sessions: await sessionOf(port, owner.accessToken) } },
    foreign: { ...foreign, ids: { ...foreign.ids, sessions: await sessionOf(port, stranger) }, cursors: await cursorsOf(port, stranger) },
    tokens: tokensOf(people),
    forgeries,
    sources: (operation) => sourcesOf(operation, { port, email: people.owner.email, ids: own.ids }),
    witness: await createWitness(admin),
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

/** Fresh credentials each time, so that ending a session or rotating a token takes nothing from the next request. */
async function sourcesOf(
  operation: HostileOperation,
  { port, email, ids }: { port: number; email: string; ids: RowIds },
): Promise<Sources> {
  const isAuth = operation.path.startsWith('/api/auth')
  const [{ accessToken, refreshToken }, other] = [await signIn(port, email), isAuth ? await signIn(port, email) : null]
  const sessions = other === null ? {} : { sessions: await sessionOf(port, other.accessToken) }
  return {
    ids: { ...ids, ...sessions, code: 'resource.not_found' },
    token: accessToken,
    bodies: { login: { email, password: PASSWORD }, refresh: { refresh_token: refreshToken } },
  }
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
async function makeRows({ make, database }: TestApi): Promise<Rows> {
  const { tenantId } = await make.tenant()
  const { siteId } = await make.site({ tenantId })
  const { spaceId } = await make.space({ tenantId, siteId })
  await make.space({ tenantId, siteId })
  const { deviceId, devEui } = await make.device({ tenantId, spaceId })
  const display = await make.device({ tenantId, kind: 'display', spaceId })
  const gateway = await make.gateway({ tenantId })
  const [downlinkId, deadLetterId, overrideId] = [randomUUID(), randomUUID(), randomUUID()]
  await inTenant(database.pool, tenantId, async (client) => {
    await insertRow(client, 'downlink_queue', {
      tenant_id: tenantId,
      id: downlinkId,
      device_id: display.deviceId,
      dev_eui: display.devEui,
      space_id: spaceId,
      origin: 'manual',
      command: 'set_display',
      payload: Buffer.from('00'),
      f_port: 15,
    })
    await insertRow(client, 'ingest_dead_letters', {
      tenant_id: tenantId,
      id: deadLetterId,
      source: 'mqtt',
      reason: 'not_json',
      raw: Buffer.from('{'),
      content_hash: randomBytes(32),
      received_at: new Date(),
    })
    await insertRow(client, 'space_overrides', {
      tenant_id: tenantId,
      id: overrideId,
      space_id: spaceId,
      kind: 'blocked',
      starts_at: new Date(),
      created_by_type: 'user',
    })
  })
  return {
    tenantId,
    ids: {
      tenants: tenantId,
      sites: siteId,
      spaces: spaceId,
      devices: deviceId,
      gateways: gateway.gatewayRef,
      downlinks: downlinkId,
      'dead-letters': deadLetterId,
      override_id: overrideId,
    },
    euis: { devices: devEui, gateways: gateway.gatewayId },
  }
}
