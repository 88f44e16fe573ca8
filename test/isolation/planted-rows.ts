/** One row in every tenant table, for a tenant of its own: what the isolation checks try to reach from another tenant. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'

export type Row = Readonly<Record<string, unknown>>
export type PlantedRow = readonly [table: string, row: Row]

const randomEui = () => randomBytes(8).toString('hex')
const hashOf = (text: string) => createHash('sha256').update(text).digest()

export interface Ids {
  readonly tenant: string
  readonly user: string
  readonly site: string
  readonly space: string
  readonly sensor: string
  readonly display: string
  readonly gateway: string
  readonly reservation: string
  readonly policy: string
  readonly command: string
  readonly sensorEui: string
  readonly displayEui: string
  readonly gatewayEui: string
}

export const newIds = (): Ids => ({
  tenant: randomUUID(),
  user: randomUUID(),
  site: randomUUID(),
  space: randomUUID(),
  sensor: randomUUID(),
  display: randomUUID(),
  gateway: randomUUID(),
  reservation: randomUUID(),
  policy: randomUUID(),
  command: randomUUID(),
  sensorEui: randomEui(),
  displayEui: randomEui(),
  gatewayEui: randomEui(),
})

const people = (ids: Ids): PlantedRow[] => [
  ['tenants', { id: ids.tenant, name: `Tenant ${ids.tenant}`, slug: ids.tenant }],
  ['users', { id: ids.user, email: `${ids.user}@example.com`, name: 'Ada', password_hash: `secret of ${ids.user}` }],
  ['user_memberships', { user_id: ids.user, role: 'owner' }],
  ['refresh_tokens', { user_id: ids.user, session_id: randomUUID(), token_hash: hashOf(ids.user), expires_at: inDays(30) }],
  [
    'idempotency_keys',
    { principal: ids.user, key: 'k', fingerprint: hashOf('k'), operation: 'createSite', state: 'done', expires_at: inDays(1) },
  ],
]

const places = (ids: Ids): PlantedRow[] => [
  ['sites', { id: ids.site, name: `Site ${ids.site}`, slug: ids.site }],
  ['spaces', { id: ids.space, site_id: ids.site, code: 'A-01', name: `Bay ${ids.space}` }],
  ['site_occupancy', { site_id: ids.site, total: 1, unknown: 1 }],
  ['space_overrides', { space_id: ids.space, kind: 'blocked', starts_at: inDays(0), created_by_type: 'user', created_by: ids.user }],
]

const devices = (ids: Ids): PlantedRow[] => [
  [
    'devices',
    { id: ids.sensor, kind: 'sensor', dev_eui: ids.sensorEui, name: 'Sensor', assigned_space_id: ids.space, assigned_at: inDays(0) },
  ],
  [
    'devices',
    { id: ids.display, kind: 'display', dev_eui: ids.displayEui, name: 'Light', assigned_space_id: ids.space, assigned_at: inDays(0) },
  ],
  [
    'device_assignments',
    { device_id: ids.sensor, device_kind: 'sensor', dev_eui: ids.sensorEui, space_id: ids.space, assigned_at: inDays(0) },
  ],
  ['device_lifecycle_events', { device_id: ids.sensor, to_state: 'provisioned', cause: 'api', actor_type: 'user', occurred_at: inDays(0) }],
  ['sensor_debounce_state', { device_id: ids.sensor }],
  ['device_gateways', { device_id: ids.sensor, gateway_eui: ids.gatewayEui, last_heard_at: inDays(0) }],
  ['orphan_devices', { dev_eui: randomEui(), first_seen_at: inDays(0), last_seen_at: inDays(0), expires_at: inDays(30) }],
  ['gateways', { id: ids.gateway, gateway_id: ids.gatewayEui, name: 'Gateway', site_id: ids.site }],
  [
    'gateway_status_changes',
    { gateway_ref: ids.gateway, from_status: 'never_seen', to_status: 'online', at: inDays(0), detected_by: 'stats' },
  ],
]

const facts = (ids: Ids): PlantedRow[] => [
  [
    'sensor_readings',
    {
      device_id: ids.sensor,
      dev_eui: ids.sensorEui,
      deduplication_id: ids.sensor,
      heard_at: inDays(0),
      received_at: inDays(0),
      verdict: 'applied',
      source: 'mqtt',
    },
  ],
  ['device_events', { device_id: ids.sensor, kind: 'join', event_key: ids.sensor, at: inDays(0), received_at: inDays(0), body: {} }],
  ['ingest_dead_letters', { source: 'mqtt', reason: 'not_json', raw: Buffer.from('x'), content_hash: hashOf('x'), received_at: inDays(0) }],
  [
    'reservations',
    {
      id: ids.reservation,
      space_id: ids.space,
      moved_from_space_id: ids.space,
      ...booked(1, 2),
      status: 'confirmed',
      request_id: ids.reservation,
      series_id: ids.reservation,
      occurrence_start: inDays(1),
      source: 'api',
      created_by_type: 'user',
    },
  ],
  [
    'parking_sessions',
    { space_id: ids.space, site_id: ids.site, reservation_id: ids.reservation, started_at: inDays(0), source: 'sensor' },
  ],
  [
    'state_changes',
    {
      space_id: ids.space,
      site_id: ids.site,
      sequence: 1,
      previous_state: 'unknown',
      new_state: 'free',
      source: 'sensor',
      cause_type: 'reading',
      valid_at: inDays(0),
      because: '[]',
      display: {},
    },
  ],
  ['transition_notices', { space_id: ids.space, sequence: 1, channel: 'feed' }],
]

const lights = (ids: Ids): PlantedRow[] => [
  ['display_policies', { id: ids.policy, scope_type: 'site', site_id: ids.site, name: 'Day', status: 'published', published_version: 1 }],
  ['display_policy_versions', { policy_id: ids.policy, version_no: 1, content: {} }],
  ['display_state_cache', { device_id: ids.display, space_id: ids.space }],
  [
    'downlink_queue',
    {
      id: ids.command,
      device_id: ids.display,
      dev_eui: ids.displayEui,
      origin: 'policy',
      command: 'color',
      payload: Buffer.from([1]),
      f_port: 15,
      status: 'sent',
    },
  ],
  ['downlink_attempts', { command_id: ids.command, attempt_no: 1, fingerprint_expires_at: inDays(1), queue_item_id: randomUUID() }],
]

const network = (ids: Ids): PlantedRow[] => [
  ['chirpstack_links', { chirpstack_tenant_id: randomUUID(), state: 'up' }],
  ['chirpstack_applications', { application_id: randomUUID() }],
  [
    'chirpstack_drift',
    { entity_type: 'device', eui: ids.sensorEui, kind: 'field', field: 'name', since: inDays(0), last_seen_at: inDays(0) },
  ],
  ['outbox', { target: `space/${ids.tenant}/${ids.space}` }],
  ['alerts', { severity: 'warning', kind: 'sensor_silent', subject_type: 'device', subject_id: ids.sensor }],
  ['audit_log', { actor_type: 'user', actor_id: ids.user, action: 'site.create', resource_type: 'site', resource_id: ids.site }],
]

const HOUR_MS = 3_600_000
const inDays = (days: number) => new Date(Date.now() + days * 24 * HOUR_MS)

function booked(fromDays: number, toDays: number): Row {
  const [start, end] = [inDays(fromDays), inDays(toDays)]
  return { start_time: start, end_time: end, scheduled_end_time: end, blocked_from: start, blocked_until: end }
}

/** In the order of their foreign keys; `tenant_id` is added to all but `tenants` and `users`. */
export const plantedRows = (ids: Ids): PlantedRow[] =>
  [...people(ids), ...places(ids), ...devices(ids), ...facts(ids), ...lights(ids), ...network(ids)].map(([table, row]) =>
    table === 'tenants' || table === 'users' ? [table, row] : [table, { tenant_id: ids.tenant, ...row }],
  )

/** Members that make a copy of a planted row free of its own tenant's unique and exclusion constraints, and of the global ones. */
export const FRESH: Readonly<Record<string, () => Row>> = {
  refresh_tokens: () => ({ token_hash: `\\x${randomBytes(32).toString('hex')}` }),
  idempotency_keys: () => ({ key: randomUUID() }),
  spaces: () => ({ code: randomUUID(), sensor_device_id: null }),
  devices: () => ({ dev_eui: randomEui(), assigned_space_id: null, assigned_at: null }),
  device_assignments: () => ({ assigned_at: inDays(-9), unassigned_at: inDays(-8) }),
  gateways: () => ({ gateway_id: randomEui() }),
  reservations: () => ({ status: 'completed', request_id: null, series_id: null }),
  parking_sessions: () => ({ ended_at: inDays(1) }),
  display_policies: () => ({ status: 'archived' }),
  downlink_queue: () => ({ status: 'queued' }),
  downlink_attempts: () => ({ queue_item_id: null }),
  chirpstack_applications: () => ({ application_id: randomUUID() }),
}
