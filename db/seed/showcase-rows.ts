/** What makes a demo worth a look: bookings in every status, a draft policy, orphans, drift, a dead letter, a late frame (OPS-023). */
import { createHash } from 'node:crypto'
import { DEFAULT_POLICY_BODY } from '#domain/display/policy'
import { iso, type RowsByTable, type SeedRow } from './insert-rows'
import type { SeedOptions, SeedTenant } from './seed-plan'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Ids that are the same for the same tenant and purpose. */
function idFor(tenant: SeedTenant, purpose: string): string {
  const hex = createHash('sha256').update(`${tenant.id}/${purpose}`).digest('hex')
  return `0197a003-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`
}

/** Status, hours from now to the start, hours long. One bay each, taken from the end of the first site's list. */
type Booking = readonly [status: string, startsInHours: number, hours: number]

const ACME_BOOKINGS: readonly Booking[] = [
  ['pending', 3, 2],
  ['pending', 26, 1],
  ['confirmed', 1, 2],
  ['confirmed', 5, 3],
  ['confirmed', 28, 4],
  ['confirmed', 50, 8],
  ['active', -1, 3],
  ['active', -0.5, 2],
  ['completed', -30, 2],
  ['completed', -27, 4],
  ['completed', -52, 1],
  ['completed', -75, 6],
  ['completed', -99, 3],
  ['completed', -122, 2],
  ['cancelled', -20, 2],
  ['cancelled', 6, 2],
  ['cancelled', -44, 1],
  ['expired', -10, 1],
  ['no_show', -6, 2],
  ['no_show', -33, 3],
]
const BLUE_BOOKINGS: readonly Booking[] = [
  ['confirmed', 2, 2],
  ['confirmed', 20, 3],
  ['confirmed', 44, 1],
  ['active', -1, 2],
  ['completed', -26, 2],
  ['completed', -50, 2],
  ['completed', -73, 1],
  ['completed', -97, 5],
  ['completed', -120, 2],
  ['cancelled', -15, 2],
  ['cancelled', 9, 1],
  ['no_show', -8, 2],
]
const BOOKINGS: Readonly<Record<string, readonly Booking[]>> = { acme: ACME_BOOKINGS, blue: BLUE_BOOKINGS }

export function showcaseRows(tenant: SeedTenant, { now }: SeedOptions): RowsByTable {
  const reservations = (BOOKINGS[tenant.slug] ?? []).map((booking, index) => reservationRow({ tenant, now, index }, booking))
  if (tenant.slug !== 'acme') return { reservations }
  return {
    reservations,
    display_policies: policyRows(tenant, now),
    orphan_devices: orphanRows(tenant, now),
    chirpstack_drift: driftRows(tenant, now),
    ingest_dead_letters: [deadLetterRow(tenant, now)],
  }
}

interface Place {
  readonly tenant: SeedTenant
  readonly now: number
  readonly index: number
}

function reservationRow({ tenant, now, index }: Place, [status, startsInHours, hours]: Booking): SeedRow {
  const bookerId = tenant.users.find(({ role }) => role === 'operator')?.id
  const start = now + startsInHours * HOUR_MS
  const end = start + hours * HOUR_MS
  const madeAt = Math.min(start, now) - DAY_MS
  const [from, until, made] = [iso(start), iso(end), iso(madeAt)]
  const who = {
    user_id: bookerId,
    user_email: `driver${index + 1}@drivers.test`,
    user_name: `Driver ${index + 1}`,
    created_by_type: 'user',
    created_by: bookerId,
  }
  const when = { start_time: from, end_time: until, scheduled_end_time: until, blocked_from: from, blocked_until: until }
  const base = {
    tenant_id: tenant.id,
    id: idFor(tenant, `reservation/${index}`),
    space_id: tenant.sites[0]?.spaces.at(-1 - index)?.id,
    status,
    source: 'console',
    payment_status: 'pending',
    metadata: {},
  }
  return { ...base, ...who, ...when, ...milestones(status, { now, from, until, made }), created_at: made, updated_at: made, version: 1 }
}

/** Which statuses have passed which milestone of § 4.1. */
const PASSED = {
  confirmed_at: ['confirmed', 'active', 'completed', 'no_show', 'cancelled'],
  activated_at: ['active', 'completed', 'no_show'],
  no_show_at: ['no_show'],
  cancelled_at: ['cancelled'],
  ended_at: ['completed', 'no_show', 'expired', 'cancelled'],
} as const satisfies Record<string, readonly string[]>

const HOLD_MS = 10 * 60_000

function milestones(status: string, { now, from, until, made }: { now: number; from: string; until: string; made: string }): SeedRow {
  const at: Record<keyof typeof PASSED, string> = {
    confirmed_at: made,
    activated_at: from,
    no_show_at: from,
    cancelled_at: made,
    ended_at: until,
  }
  const passed = Object.entries(PASSED).map(([column, statuses]) => [
    column,
    (statuses as readonly string[]).includes(status) ? at[column as keyof typeof PASSED] : null,
  ])
  return { ...Object.fromEntries(passed), hold_expires_at: status === 'pending' ? iso(now + HOLD_MS) : null }
}

function policyRows(tenant: SeedTenant, now: number): SeedRow[] {
  const base = { tenant_id: tenant.id, status: 'draft', created_at: iso(now), updated_at: iso(now), version: 1 }
  const night = {
    ...DEFAULT_POLICY_BODY,
    looks: { ...DEFAULT_POLICY_BODY.looks, free: { color: 'green', pattern: 'solid', brightness_percent: 40 } },
  }
  const calm = { ...DEFAULT_POLICY_BODY, display_min_dwell_seconds: 15 }
  return [
    {
      ...base,
      id: idFor(tenant, 'policy/night'),
      scope_type: 'tenant',
      site_id: null,
      name: 'Night',
      description: 'Dimmed free bays',
      draft: night,
    },
    {
      ...base,
      id: idFor(tenant, 'policy/calm'),
      scope_type: 'site',
      site_id: tenant.sites[0]?.id,
      name: 'Calm',
      description: 'Lights change at most every 15 s',
      draft: calm,
    },
  ]
}

function orphanRows(tenant: SeedTenant, now: number): SeedRow[] {
  return ['58a0cb0001aa0001', '58a0cb0001aa0002'].map((eui, index) => ({
    tenant_id: tenant.id,
    id: idFor(tenant, `orphan/${eui}`),
    dev_eui: eui,
    application_id: tenant.network?.applicationId,
    device_name: `Unregistered ${index + 1}`,
    profile_name: 'Browan TBMS100',
    guessed_model: 'browan-tbms100',
    first_seen_at: iso(now - 2 * DAY_MS),
    last_seen_at: iso(now - HOUR_MS),
    message_count: 40 + index,
    last_rssi_dbm: -88,
    last_snr_db: 4.5,
    frames: [],
    expires_at: iso(now + 30 * DAY_MS),
  }))
}

function driftRows(tenant: SeedTenant, now: number): SeedRow[] {
  const sensors = tenant.devices.filter(({ kind, spaceId }) => kind === 'sensor' && spaceId !== null)
  const differences = [
    ['field', 'name', 'S-A-02', 'Sensor by the lift'],
    ['field', 'is_disabled', false, true],
    ['missing_theirs', null, null, null],
  ] as const
  return differences.map(([kind, field, ours, theirs], index) => ({
    tenant_id: tenant.id,
    id: idFor(tenant, `drift/${index}`),
    entity_type: 'device',
    entity_id: sensors[index + 1]?.id,
    eui: sensors[index + 1]?.eui,
    kind,
    field,
    ours,
    theirs,
    since: iso(now - (index + 1) * DAY_MS),
    last_seen_at: iso(now - HOUR_MS),
    status: 'open',
  }))
}

function deadLetterRow(tenant: SeedTenant, now: number): SeedRow {
  const raw = Buffer.from('{"deduplicationId":"cut off')
  const eui = '58a0cb0000115b4e'
  return {
    tenant_id: tenant.id,
    id: idFor(tenant, 'dead-letter'),
    source: 'mqtt',
    topic: `application/${tenant.network?.applicationId}/device/${eui}/event/up`,
    dev_eui: eui,
    reason: 'not_json',
    detail: 'The body ends in the middle of a text.',
    raw: `\\x${raw.toString('hex')}`,
    content_hash: `\\x${createHash('sha256').update(raw).digest('hex')}`,
    received_at: iso(now - 3 * HOUR_MS),
    attempts: 0,
    status: 'open',
  }
}
