/** Frames of devices that nobody registered: one row each, its last frames, within the limits of DOM-531. */
import { suggestModel } from '#domain/codec/suggest-model'
import { findHeardAt } from '#domain/device/heard-at'
import { toIso } from '#domain/shared/instant'
import type { JoinEvent, UpEvent } from './normalised-event'
import type { IngestRepositories, OrphanFrame, OrphanSighting } from './rows'
import type { StrayEvent } from './sort-batch'

const MAX_OPEN = 100
const MAX_NEW_PER_MINUTE = 10

type Heard = { readonly tenantId: string; readonly event: UpEvent | JoinEvent }

/** Answers how many frames were stored and how many were only counted. */
export async function recordOrphans(
  orphans: IngestRepositories['orphans'],
  strays: readonly StrayEvent[],
): Promise<{ stored: number; counted: number }> {
  const sightings = gather(
    strays.flatMap(({ tenantId, event }) => (event.kind === 'up' || event.kind === 'join' ? [{ tenantId, event }] : [])),
  )
  if (sightings.length === 0) return { stored: 0, counted: 0 }
  const known = new Map((await orphans.known(sightings)).map((row) => [`${row.tenantId}/${row.devEui}`, row.knownIds]))
  const news = sightings.map((sighting) => withoutRepeats(sighting, known.get(keyOf(sighting)) ?? []))
  const room = new Map((await orphans.room([...new Set(news.map(({ tenantId }) => tenantId))])).map((row) => [row.tenantId, { ...row }]))
  const admitted = news.filter((sighting) => {
    if (sighting.frames.length === 0) return false
    if (known.has(keyOf(sighting))) return true
    const left = room.get(sighting.tenantId)
    if (left === undefined || left.open >= MAX_OPEN || left.newThisMinute >= MAX_NEW_PER_MINUTE) return false
    room.set(sighting.tenantId, { ...left, open: left.open + 1, newThisMinute: left.newThisMinute + 1 })
    return true
  })
  if (admitted.length > 0) await orphans.record(admitted)
  return { stored: countFrames(admitted), counted: countFrames(news) - countFrames(admitted) }
}

const keyOf = ({ tenantId, devEui }: { tenantId: string; devEui: string }) => `${tenantId}/${devEui}`
const countFrames = (sightings: readonly OrphanSighting[]) => sightings.reduce((sum, { frames }) => sum + frames.length, 0)

function gather(heard: readonly Heard[]): OrphanSighting[] {
  const sightings = new Map<string, OrphanSighting>()
  for (const { tenantId, event } of heard) {
    const key = keyOf({ tenantId, devEui: event.devEui })
    const { heardAt } = findHeardAt(event.time, event.receivedAt)
    const frames = [...(sightings.get(key)?.frames ?? []), toFrame(event, heardAt)]
    sightings.set(key, {
      tenantId,
      devEui: event.devEui,
      applicationId: event.applicationId,
      deviceName: event.deviceName,
      profileName: event.profileName,
      guessedModel: event.profileName === null ? null : suggestModel(event.profileName),
      seenAt: heardAt,
      frames,
    })
  }
  return [...sightings.values()]
}

/** Exact repeats do not count. */
function withoutRepeats(sighting: OrphanSighting, knownIds: readonly (string | null)[]): OrphanSighting {
  const seen = new Set(knownIds)
  const frames = sighting.frames.filter(({ deduplication_id: id, kind }) => {
    const isNew = id === null || kind === 'join' || !seen.has(id)
    seen.add(id)
    return isNew
  })
  return { ...sighting, frames }
}

function toFrame(event: UpEvent | JoinEvent, heardAt: number): OrphanFrame {
  const common = { heard_at: toIso(heardAt), dev_addr: event.session, kind: event.kind }
  if (event.kind === 'join')
    return { ...common, deduplication_id: null, f_cnt: null, f_port: null, hex: '', rssi_dbm: null, snr_db: null, gateway_eui: null }
  const { deduplicationId, fCnt, fPort, hex, best } = event
  return {
    ...common,
    deduplication_id: deduplicationId,
    f_cnt: fCnt,
    f_port: fPort,
    hex,
    rssi_dbm: best?.rssi ?? null,
    snr_db: best?.snr ?? null,
    gateway_eui: best?.gatewayId ?? null,
  }
}
