/** What a test looks at after messages were taken: a bay, its transitions, a device's readings. */
import type { Bay, World } from './world'

export interface SpaceRow {
  readonly current_state: string
  readonly state_reason: string
  readonly state_sequence: number
}

export interface TransitionSeen {
  readonly sequence: string
  readonly new_state: string
  readonly state_reason: string
  readonly source: string
  readonly because: readonly { readonly rule: string }[]
  readonly valid_at: Date
  readonly reading_id: string
}

export interface ReadingSeen {
  readonly id: string
  readonly verdict: string
  readonly repeat_count: number
  readonly f_cnt: string
  readonly rssi_dbm: number
  readonly gateway_eui: string
  readonly decode_error: string | null
}

const SPACE = 'select current_state, state_reason, state_sequence::int from spaces where id = $1'
const TRANSITIONS = `
  select sequence, new_state, state_reason, source, because, valid_at, reading_id from state_changes where space_id = $1 order by sequence`
const READINGS = `
  select id, verdict, repeat_count, f_cnt, rssi_dbm, gateway_eui, decode_error from sensor_readings where device_id = $1 order by heard_at, f_cnt`

export const spaceOf = async (world: World, { spaceId }: Bay): Promise<SpaceRow | undefined> =>
  (await world.rows<SpaceRow>(SPACE, [spaceId]))[0]
export const transitionsOf = (world: World, { spaceId }: Bay) => world.rows<TransitionSeen>(TRANSITIONS, [spaceId])
export const readingsOf = (world: World, deviceId: string) => world.rows<ReadingSeen>(READINGS, [deviceId])
