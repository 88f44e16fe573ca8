/** What runs can be found by in the Temporal UI (WF-006, OPS-073): ids only, never names of people. */
import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributePair } from '@temporalio/common'

export const SEARCH_ATTRIBUTES = {
  tenantId: defineSearchAttributeKey('ParkingTenant', SearchAttributeType.KEYWORD),
  siteId: defineSearchAttributeKey('ParkingSite', SearchAttributeType.KEYWORD),
  spaceId: defineSearchAttributeKey('ParkingSpace', SearchAttributeType.KEYWORD),
  deviceId: defineSearchAttributeKey('ParkingDevice', SearchAttributeType.KEYWORD),
} as const

export type SearchIds = { readonly [K in keyof typeof SEARCH_ATTRIBUTES]?: string }

export function searchAttributesOf(ids: SearchIds): SearchAttributePair[] {
  const pairs = Object.entries(SEARCH_ATTRIBUTES).map(([name, key]) => ({ key, value: ids[name as keyof SearchIds] })) // entries of a literal keep its keys
  return pairs.filter((pair): pair is { key: typeof pair.key; value: string } => pair.value !== undefined)
}
