/** O5 lights: commands of the product against what the simulated network server and its lamps did (LW-155). */
import type { Pool } from 'pg'

/** One entry of the simulator's journal, as far as lights go. */
export interface WitnessEntry {
  readonly type: string
  readonly at: number
  readonly method?: string
  readonly code?: number
  readonly devEui?: string
  readonly look?: string
  readonly queueItemId?: string | null
  readonly request?: { readonly queueItem?: { readonly devEui?: string } }
  readonly reply?: { readonly id?: string } | string | null
}

export interface StoredCommand {
  readonly commandId: string
  readonly devEui: string
  readonly status: string
  readonly wantedVersion: number | null
  /** Of every attempt, repeats included. */
  readonly queueItemIds: readonly string[]
}

export interface StoredLight {
  readonly devEui: string
  readonly wantedColor: string | null
  /** Hex of the wanted payload: red, blue, green, on, off. Source: Busylight IoT LoRaWAN reference. */
  readonly wantedPayload: string | null
  readonly shownColor: string | null
  readonly proof: string
  readonly wantedVersion: number
  readonly sentVersion: number
}

export interface LightEvidence {
  readonly commands: readonly StoredCommand[]
  readonly lights: readonly StoredLight[]
}

const COMMANDS = `
  select q.id as "commandId", q.dev_eui as "devEui", q.status, q.wanted_version::float8 as "wantedVersion",
         array_remove(array_agg(a.queue_item_id::text) || array_agg(a.repeat_queue_item_id::text), null) as "queueItemIds"
  from downlink_queue q left join downlink_attempts a on a.tenant_id = q.tenant_id and a.command_id = q.id
  where q.dev_eui = any($1) and q.queued_at >= $2
  group by q.tenant_id, q.id order by q.queued_at`
const LIGHTS = `
  select d.dev_eui as "devEui", c.wanted_color as "wantedColor", encode(c.wanted_payload, 'hex') as "wantedPayload", c.shown_color as "shownColor",
         c.proof, c.wanted_version::float8 as "wantedVersion", c.sent_version::float8 as "sentVersion"
  from devices d join display_state_cache c on c.tenant_id = d.tenant_id and c.device_id = d.id where d.dev_eui = any($1)`

export async function readLights(db: Pool, devEuis: readonly string[], since: Date): Promise<LightEvidence> {
  const commands = await db.query<StoredCommand>(COMMANDS, [devEuis, since])
  const lights = await db.query<StoredLight>(LIGHTS, [devEuis])
  return { commands: commands.rows, lights: lights.rows }
}

const ENDED_OPENLY = new Set(['expired', 'failed', 'superseded'])
const ACCEPTED = new Set(['sent', 'transmitted', 'confirmed'])

/** Enqueue calls that the network server took, for one light. */
export const acceptedItems = (journal: readonly WitnessEntry[], devEui: string): string[] =>
  journal.filter((entry) => isTakenEnqueue(entry) && entry.request?.queueItem?.devEui === devEui).flatMap(({ reply }) => idOf(reply))

const isTakenEnqueue = ({ type, method, code }: WitnessEntry): boolean =>
  type === 'grpc' && code === 0 && method?.endsWith('/Enqueue') === true

const idOf = (reply: WitnessEntry['reply']): string[] => (typeof reply === 'object' && reply?.id !== undefined ? [reply.id] : [])

/** What the lamp last showed, e.g. `FF0000/255/0`. */
export const lookOf = (journal: readonly WitnessEntry[], devEui: string): string | null =>
  journal.findLast((entry) => entry.type === 'lamp' && entry.devEui === devEui)?.look ?? null

/** Red, blue, green, on, off → RRGGBB/on/off. */
export function lookOfPayload(payloadHex: string): string {
  const [red = 0, blue = 0, green = 0, on = 0, off = 0] = Buffer.from(payloadHex, 'hex')
  return `${Buffer.from([red, green, blue]).toString('hex').toUpperCase()}/${on}/${off}`
}

/** Every accepted command reached the network server; no command has two effects; every effect is somebody's decision. */
export function findLightFaults(journal: readonly WitnessEntry[], { commands, lights }: LightEvidence): string[] {
  const effects = journal.filter(({ type, queueItemId }) => type === 'lamp' && queueItemId !== null)
  const effectItems = new Set(effects.map(({ queueItemId }) => queueItemId))
  return [
    ...commands.flatMap((command) => {
      const taken = acceptedItems(journal, command.devEui)
      const reached = command.queueItemIds.some((id) => taken.includes(id))
      const effective = command.queueItemIds.filter((id) => effectItems.has(id))
      return [
        ...(ACCEPTED.has(command.status) && !reached
          ? [`O5: command ${command.commandId} is ${command.status} and never reached the network server`]
          : []),
        ...(effective.length > 1 ? [`O5: command ${command.commandId} had ${effective.length} effects`] : []),
      ]
    }),
    ...findUndecided(journal, { commands, lights }),
    ...lights.flatMap((light) => findWrongLight(journal, light, commands)),
  ]
}

/** An item of the network server that belongs to no attempt is an effect that nobody can account for. */
function findUndecided(journal: readonly WitnessEntry[], { commands, lights }: LightEvidence): string[] {
  const known = new Set(commands.flatMap(({ queueItemIds }) => queueItemIds))
  const first = new Set(commands.map(({ devEui }) => devEui))
  return lights
    .filter(({ devEui }) => first.has(devEui))
    .flatMap(({ devEui }) => {
      const since = journal.findIndex(({ reply }) => idOf(reply).some((id) => known.has(id)))
      const strangers = acceptedItems(journal.slice(Math.max(since, 0)), devEui).filter((id) => !known.has(id))
      return strangers.map((id) => `O5: item ${id} of light ${devEui} belongs to no attempt`)
    })
}

function findWrongLight(journal: readonly WitnessEntry[], light: StoredLight, commands: readonly StoredCommand[]): string[] {
  const { devEui, wantedPayload } = light
  const own = commands.filter((command) => command.devEui === devEui)
  if (wantedPayload === null || own.length === 0) return []
  const look = lookOf(journal, devEui)
  if (look === lookOfPayload(wantedPayload)) return []
  const last = own.at(-1)
  if (last !== undefined && ENDED_OPENLY.has(last.status)) return []
  return [`O5: light ${devEui} shows ${look}, wanted is ${lookOfPayload(wantedPayload)}, its command says ${last?.status}`]
}
