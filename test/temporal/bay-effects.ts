/** Effects of a bay's workflow whose rows the test writes. */
import type { Projected, SpacePort, SpaceTellPort } from '#workflows/space-occupancy/port'

type Call = Parameters<SpacePort['projectSpace']>[0]

export interface ScriptedBay {
  readonly calls: Call[]
  readonly told: number[]
  readonly row: { sequence: number; state: string; nextExact: number | null; version: number; gone: boolean; failures: number }
  readonly effects: SpacePort & SpaceTellPort
}

export function createScriptedBay(deviceId: string): ScriptedBay {
  const row: ScriptedBay['row'] = { sequence: 1, state: 'free', nextExact: null, version: 1, gone: false, failures: 0 }
  const calls: Call[] = []
  const told: number[] = []
  const effects: ScriptedBay['effects'] = {
    async projectSpace(input): Promise<Projected> {
      calls.push(input)
      if (row.failures-- > 0) throw new Error('database away')
      if (row.gone) return { gone: true }
      const { sequence, state, nextExact, version } = row
      const until = { until: nextExact, untilCause: 'right', nextExact } as const
      return { gone: false, sequence, state, reason: 'sensor_free', ...until, wanted: { deviceId, version } }
    },
    async tellDisplay({ version }) {
      told.push(version)
    },
  }
  return { calls, told, row, effects }
}
