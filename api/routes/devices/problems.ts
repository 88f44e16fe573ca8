/** What is wrong with a device, in plain words with the way out (UI-490). */
import { findModel } from '#domain/codec/registry'
import { findSuspicion } from '#domain/device/flips'
import { toIso, type Instant } from '#domain/shared/instant'
import { onlineReason } from '../shared/online'
import { heardAtOf, type DeviceRow } from './presenter'

export interface DeviceFindings {
  readonly device: DeviceRow
  readonly gatewayCount: number
  readonly undecoded: { readonly count: number; readonly since: Instant | null; readonly lastError: string | null } | null
  readonly now: Instant
}

export interface DeviceProblem {
  readonly code: string
  readonly detail: string
  readonly since: string | null
  readonly count?: number
}

type Finder = (findings: DeviceFindings) => DeviceProblem | null

const LOW_BATTERIES = 3
/** Models whose reading is a distance: what is a vehicle depends on where they hang (LW-208). */
const MEASURES_DISTANCE = new Set(['milesight-em400-mud', 'milesight-em310-udl', 'dragino-ldds75'])
const iso = (instant: Instant | null): string | null => (instant === null ? null : toIso(instant))

const FINDERS: readonly Finder[] = [
  ({ device }) => {
    if (device.spaceId === null || heardAtOf(device) !== null) return null
    return {
      code: 'never_heard',
      detail: 'Not heard since it was assigned: check its keys, its power and the gateway.',
      since: iso(device.assignedAt),
    }
  },
  ({ device, now }) => {
    const isSilent = device.spaceId !== null && onlineReason({ ...device, lastHeardAt: heardAtOf(device) }, now) === 'silent_too_long'
    return isSilent
      ? { code: 'silent', detail: 'Silent for longer than its model allows: check battery and reception.', since: iso(heardAtOf(device)) }
      : null
  },
  ({ undecoded }) => {
    if (undecoded === null || undecoded.count === 0) return null
    const why = undecoded.lastError === null ? '' : ` (${undecoded.lastError})`
    return {
      code: 'payload_does_not_fit',
      detail: `Its model cannot read what it sends${why}: choose the right model.`,
      since: iso(undecoded.since),
      count: undecoded.count,
    }
  },
  ({ device }) => {
    const codec = device.config['codec'] as Readonly<Record<string, unknown>> | undefined // an object by the table's check
    return MEASURES_DISTANCE.has(device.model ?? '') && codec?.['occupied_below_mm'] === undefined
      ? {
          code: 'threshold_missing',
          detail: 'It measures distance and nobody said from where on it is a vehicle: set config.codec.occupied_below_mm.',
          since: null,
        }
      : null
  },
  ({ device, now }) => {
    const suspicion = findSuspicion(device, now)
    return suspicion === null
      ? null
      : {
          code: 'suspect',
          detail: 'It changes its mind too often to be believed: check how it is mounted.',
          since: toIso(suspicion.since),
          count: suspicion.changesLastHour,
        }
  },
  ({ device }) =>
    device.batteryLowCount >= LOW_BATTERIES ? { code: 'battery_low', detail: 'Its battery is low: change it.', since: null } : null,
  ({ device, gatewayCount }) =>
    device.spaceId !== null && gatewayCount === 1
      ? { code: 'one_gateway', detail: 'Only one gateway hears it: if that one is down, it is blind.', since: null }
      : null,
  ({ device }) =>
    device.kind === 'display' && device.deviceClass !== null && device.deviceClass !== 'C'
      ? {
          code: 'not_class_c',
          detail: 'The light is not in class C and hears commands late: set its device profile to class C.',
          since: null,
        }
      : null,
  ({ device }) =>
    device.kind === 'display' && findModel(device.model ?? '')?.capabilities.reportsState === false
      ? { code: 'cannot_report', detail: 'This light cannot report what it shows: it stays unverified.', since: null }
      : null,
  ({ device }) =>
    device.kind === 'display' && device.driftSince !== null
      ? { code: 'drifted', detail: 'The light reports another look than it should show; it is sent again.', since: iso(device.driftSince) }
      : null,
]

export const problemsOf = (findings: DeviceFindings): DeviceProblem[] => FINDERS.flatMap((find) => find(findings) ?? [])
