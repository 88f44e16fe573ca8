/** Heard devices that nobody registered, with their last frames and the limits of DOM-531. */
import { toIso, type Instant } from '#domain/shared/instant'
import type { Tx } from '../tx'
import { toColumns } from './columns'

export interface OrphanKey {
  readonly tenantId: string
  readonly devEui: string
}

/** One remembered frame of an orphan; becomes a reading when it is claimed (DOM-532). */
export interface OrphanFrame {
  readonly deduplication_id: string | null
  readonly heard_at: string
  readonly dev_addr: string | null
  readonly f_cnt: number | null
  readonly f_port: number | null
  readonly hex: string
  readonly rssi_dbm: number | null
  readonly snr_db: number | null
  readonly gateway_eui: string | null
  readonly kind: 'up' | 'join'
}

export interface OrphanSighting extends OrphanKey {
  readonly applicationId: string
  readonly deviceName: string | null
  readonly profileName: string | null
  readonly guessedModel: string | null
  readonly seenAt: Instant
  readonly frames: readonly OrphanFrame[]
}

/** How many more orphans a tenant may have, and how many new ones this minute. */
export interface OrphanRoom {
  readonly tenantId: string
  readonly open: number
  readonly newThisMinute: number
}

const KEEP_FRAMES = 50
const FORGOTTEN_AFTER = `interval '30 days'`

const KNOWN = `
  select o.tenant_id as "tenantId", o.dev_eui as "devEui", coalesce(jsonb_path_query_array(o.frames, '$[*].deduplication_id'), '[]') as "knownIds"
  from orphan_devices o
  where (o.tenant_id, o.dev_eui) in (select k.tenant_id, k.dev_eui from unnest($1::uuid[], $2::text[]) as k (tenant_id, dev_eui))
  order by o.tenant_id, o.dev_eui for no key update of o`

const ROOM = `
  select t.tenant_id as "tenantId",
    (select count(*) from orphan_devices o where o.tenant_id = t.tenant_id and o.ignored_at is null and o.expires_at > now()) as open,
    (select count(*) from orphan_devices o where o.tenant_id = t.tenant_id and o.first_seen_at > now() - interval '1 minute') as "newThisMinute"
  from unnest($1::uuid[]) as t (tenant_id)`

const UPSERT = `
  insert into orphan_devices as o (tenant_id, dev_eui, application_id, device_name, profile_name, guessed_model, first_seen_at, last_seen_at,
    message_count, last_rssi_dbm, last_snr_db, dev_addr, f_cnt, frames, expires_at)
  select n.tenant_id, n.dev_eui, n.application_id, n.device_name, n.profile_name, n.guessed_model, now(), n.seen_at, jsonb_array_length(n.frames),
    (n.frames->-1->>'rssi_dbm')::smallint, (n.frames->-1->>'snr_db')::real, n.frames->-1->>'dev_addr', (n.frames->-1->>'f_cnt')::bigint,
    jsonb_path_query_array(n.frames, '$[last-${KEEP_FRAMES - 1} to last]'), now() + ${FORGOTTEN_AFTER}
  from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::jsonb[])
    as n (tenant_id, dev_eui, application_id, device_name, profile_name, guessed_model, seen_at, frames)
  order by 1, 2
  on conflict (tenant_id, dev_eui) do update set application_id = excluded.application_id, device_name = excluded.device_name,
    profile_name = excluded.profile_name, guessed_model = coalesce(excluded.guessed_model, o.guessed_model),
    last_seen_at = greatest(o.last_seen_at, excluded.last_seen_at), message_count = o.message_count + excluded.message_count,
    last_rssi_dbm = excluded.last_rssi_dbm, last_snr_db = excluded.last_snr_db, dev_addr = excluded.dev_addr, f_cnt = excluded.f_cnt,
    frames = jsonb_path_query_array(o.frames || excluded.frames, '$[last-${KEEP_FRAMES - 1} to last]'), expires_at = excluded.expires_at`

export function createOrphanRepository(tx: Tx) {
  return {
    /** The orphans among these that have a row, locked, with the ids of their remembered frames. */
    known: (keys: readonly OrphanKey[]): Promise<(OrphanKey & { readonly knownIds: readonly (string | null)[] })[]> =>
      tx.rows(
        KNOWN,
        toColumns(
          keys,
          (k) => k.tenantId,
          (k) => k.devEui,
        ),
      ),

    room: (tenantIds: readonly string[]): Promise<OrphanRoom[]> => tx.rows<OrphanRoom>(ROOM, [tenantIds]),

    /** At most one sighting per orphan, its frames oldest first. */
    record: (sightings: readonly OrphanSighting[]): Promise<number> =>
      tx.run(
        UPSERT,
        toColumns(
          sightings,
          (s) => s.tenantId,
          (s) => s.devEui,
          (s) => s.applicationId,
          (s) => s.deviceName,
          (s) => s.profileName,
          (s) => s.guessedModel,
          (s) => toIso(s.seenAt),
          (s) => JSON.stringify(s.frames),
        ),
      ),
  }
}
