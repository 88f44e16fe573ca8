/** The demo's sensors and lights: at least one assigned sensor of every model, A-01's are those of the published events. */
import type { DemoSite, DemoSpace } from './demo-plan'
import { stableId } from './draw'

export interface DemoDevice {
  readonly id: string
  readonly eui: string
  readonly kind: 'sensor' | 'display'
  readonly name: string
  readonly model: string
  readonly manufacturer: string
  readonly spaceId: string | null
  readonly siteId: string | null
  readonly applicationId: string | null
  readonly config: Readonly<Record<string, unknown>>
}

interface DevicesWanted {
  readonly seed: number
  readonly tenant: string
  readonly sites: readonly DemoSite[]
  readonly sensors: number
  readonly displays: number
  readonly applicationId: string | null
}

/** How many of each kind stay in stock, with no bay. */
const UNASSIGNED_SENSORS = 4
const THRESHOLD = { codec: { occupied_below_mm: 1200 } }

const MANUFACTURERS: Readonly<Record<string, string>> = {
  browan: 'Browan',
  bosch: 'Bosch',
  nwave: 'Nwave',
  pni: 'PNI',
  libelium: 'Libelium',
  dingtek: 'Dingtek',
  milesight: 'Milesight',
  dragino: 'Dragino',
  plenom: 'Plenom',
  heltec: 'Heltec',
  generic: 'Generic',
}

/** One bay each, after A-01; every other bay has a TBMS100 or, each eighth, a TPS110. */
const SHOWCASE: readonly (readonly [model: string, config: DemoDevice['config']])[] = [
  ['bosch-tps110', {}],
  ['nwave-nps405', {}],
  ['dingtek-do201', {}],
  ['milesight-em400-mud', THRESHOLD],
  ['browan-tbdw100', {}],
  ['nwave-nps310', {}],
  ['pni-placepod', {}],
  ['libelium-sp2', {}],
  ['dingtek-do200', {}],
  ['milesight-em310-udl', THRESHOLD],
  ['milesight-vs34x', {}],
  ['dragino-ldds75', THRESHOLD],
  ['dragino-lds02', {}],
  ['generic-object', {}],
]

const manufacturerOf = (model: string): string => MANUFACTURERS[model.split('-')[0] ?? ''] ?? 'Generic'

/** Bays that get a sensor or light: spread over the sites by their share of all bays, first bays first. */
function baysFor(sites: readonly DemoSite[], count: number): DemoSpace[] {
  const total = sites.reduce((sum, site) => sum + site.spaces.length, 0)
  if (total === 0) return []
  const shares = sites.map((site) => Math.round((count * site.spaces.length) / total))
  return sites.flatMap((site, index) => site.spaces.slice(0, shares[index])).slice(0, count)
}

function sensorModel(index: number, tenant: string): readonly [string, DemoDevice['config']] {
  const shown = tenant === 'acme' ? SHOWCASE[index - 1] : undefined
  if (shown !== undefined) return shown
  return index % 8 === 7 ? ['bosch-tps110', {}] : ['browan-tbms100', {}]
}

/** Published EUIs for acme's A-01; the rest count up inside a block of the tenant. */
function euiOf(kind: DemoDevice['kind'], tenant: string, index: number): string {
  if (tenant === 'acme' && index === 0) return kind === 'sensor' ? '58a0cb0000115b4e' : '2020203705250102'
  const block = { acme: 'a1', blue: 'b2', platform: 'f0' }[tenant] ?? 'e0'
  return (kind === 'sensor' ? '58a0cb0001' : '2020203705') + block + String(index).padStart(4, '0')
}

export function planDevices(wanted: DevicesWanted): DemoDevice[] {
  const { seed, tenant, sites, applicationId } = wanted
  const spare = sites.length === 0 ? wanted.sensors : tenant === 'acme' ? UNASSIGNED_SENSORS : 0
  const sensorBays = baysFor(sites, wanted.sensors - spare)
  const displayBays = baysFor(sites, sites.length === 0 ? 0 : wanted.displays)

  const make = (kind: DemoDevice['kind'], index: number, bay: DemoSpace | undefined): DemoDevice => {
    const [model, config] =
      kind === 'sensor' ? sensorModel(index, tenant) : index % 10 === 9 ? ['heltec-rgb', {}] : ['plenom-busylight', {}]
    const eui = euiOf(kind, tenant, index)
    const name = bay === undefined ? `Stock ${kind} ${index + 1}` : `${kind === 'sensor' ? 'S' : 'L'}-${bay.code}`
    return {
      id: stableId(seed, `device/${eui}`),
      eui,
      kind,
      name,
      model,
      manufacturer: manufacturerOf(model),
      spaceId: bay?.id ?? null,
      siteId: bay?.siteId ?? null,
      applicationId,
      config,
    }
  }
  return [
    ...Array.from({ length: wanted.sensors }, (_, index) => make('sensor', index, sensorBays[index])),
    ...Array.from({ length: wanted.displays }, (_, index) => make('display', index, displayBays[index])),
  ]
}
