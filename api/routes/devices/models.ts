/** The codec registry as answers show it (API-370). */
import { MODELS } from '#domain/codec/registry'

type ModelEntry = (typeof MODELS)[number]

/** Counters and room sensors stand among the sensors: people know two kinds. */
const kindOf = ({ role }: ModelEntry): 'sensor' | 'display' => (role === 'display' ? 'display' : 'sensor')

export function presentModels() {
  return MODELS.map((entry) => ({
    key: entry.model,
    manufacturer: entry.manufacturer,
    name: entry.name,
    kind: kindOf(entry),
    f_ports: entry.fPorts === 'any' ? [] : entry.fPorts,
    capabilities: {
      colors: entry.capabilities.colors,
      patterns: entry.capabilities.patterns,
      reports_state: entry.capabilities.reportsState,
    },
    freshness: {
      occupied_seconds: entry.windowSeconds.occupied,
      free_seconds: entry.windowSeconds.free,
      other_seconds: Math.max(entry.windowSeconds.occupied, entry.windowSeconds.free),
    },
  }))
}
