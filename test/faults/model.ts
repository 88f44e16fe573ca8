/** What the bays must show, told by the frames alone: the reference that the product is held to (Q-FLT-H3). Imports nothing of the product. */
export interface ModelFrame {
  readonly devEui: string
  /** Ordinal of the frame's session: a join or a wrapped counter begins the next one. */
  readonly session: number
  readonly fCnt: number
  /** Null when the frame says nothing about the bay. */
  readonly occupied: boolean | null
}

export type BayState = 'free' | 'occupied'

export interface ModelBay {
  readonly state: string
  /** Every state that was entered, in order. */
  readonly transitions: readonly BayState[]
  /** Distinct frames. */
  readonly frames: number
}

/** Plays the frames in order of (session, fCnt), each once. `starts`: the state of each bay before the first of them, by the sensor's EUI. */
export function playFrames(frames: readonly ModelFrame[], starts: ReadonlyMap<string, string>): Map<string, ModelBay> {
  const bays = new Map<string, ModelBay>([...starts].map(([devEui, state]) => [devEui, { state, transitions: [], frames: 0 }]))
  const distinct = new Map(frames.map((frame) => [`${frame.devEui}/${frame.session}/${frame.fCnt}`, frame]))
  const ordered = [...distinct.values()].sort((a, b) => a.session - b.session || a.fCnt - b.fCnt)
  for (const { devEui, occupied } of ordered) {
    const bay = bays.get(devEui) ?? { state: 'unknown', transitions: [], frames: 0 }
    const next = occupied === null ? null : occupied ? 'occupied' : 'free'
    const enters = next === null || next === bay.state ? [] : [next]
    bays.set(devEui, { state: enters[0] ?? bay.state, transitions: [...bay.transitions, ...enters], frames: bay.frames + 1 } as ModelBay)
  }
  return bays
}
