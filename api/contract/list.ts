/** What every list takes and answers: paging, sorting, searching, and the envelope of D-23 (API-020 to API-028). */
import { z } from 'zod'
import { several, text, uuid, uuidOut, wholeNumber } from './values'

const MAX_PAGE_SIZE = 500
export const DEFAULT_PAGE_SIZE = 100
/** Deeper pages cost more than they are worth: use `cursor` (API-021). */
export const MAX_DEPTH = 100_000
const MAX_SORT_KEYS = 3

/** One key of `sort`, split into its column name and direction. */
export interface SortKey {
  readonly key: string
  readonly descending: boolean
}

function sortOf(keys: readonly string[]) {
  const allowed = new Set(keys)
  return z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part): SortKey => (part.startsWith('-') ? { key: part.slice(1), descending: true } : { key: part, descending: false })),
    )
    .refine((parts) => parts.length <= MAX_SORT_KEYS, { params: { issue: 'too_long' }, message: `at most ${MAX_SORT_KEYS} keys` })
    .refine((parts) => parts.every(({ key }) => allowed.has(key)), {
      params: { issue: 'invalid_enum' },
      message: `keys are ${keys.join(', ')}`,
    })
    .refine((parts) => new Set(parts.map(({ key }) => key)).size === parts.length, {
      params: { issue: 'duplicate' },
      message: 'a key appears twice',
    })
    .meta({ examples: [`-${keys[0] ?? 'id'}`] })
}

/** What the two checks below look at; zod cannot tell it once the list's own filters are spread in. */
interface Paging {
  readonly page?: number
  readonly page_size?: number
  readonly cursor?: string
}

/** A page or size that is refused itself is no reason to call the page deep: text counts as nothing, a size beyond the limit as the limit. */
const isShallow = ({ page = 1, page_size = DEFAULT_PAGE_SIZE }: Paging): boolean => !(page * Math.min(page_size, MAX_PAGE_SIZE) > MAX_DEPTH)
const isOneWay = ({ page, cursor }: Paging): boolean => page === undefined || cursor === undefined

/** Paging, sorting and `tenant_id` (platform scope, API-028) besides the list's own filters. */
export function pageQuery<F extends z.core.$ZodLooseShape>(sortKeys: readonly string[], filters: F) {
  return z
    .strictObject({
      page: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
      page_size: wholeNumber(1, MAX_PAGE_SIZE).optional(),
      cursor: text({ max: 2_000 }).optional(),
      sort: sortOf(sortKeys).optional(),
      tenant_id: several(uuid).optional(),
      ...filters,
    })
    .refine((query) => isShallow(query as Paging), {
      path: ['page'],
      params: { issue: 'page_too_deep' },
      message: 'is too deep; use cursor',
    })
    .refine((query) => isOneWay(query as Paging), {
      path: ['cursor'],
      params: { issue: 'conflict_with_field' },
      message: 'give page or cursor, not both',
    })
}

/** As `pageQuery`, for lists that can be searched (API-025, § 5). */
export function listQuery<F extends z.core.$ZodLooseShape>(sortKeys: readonly string[], filters: F) {
  return pageQuery(sortKeys, { q: text({ max: 100 }).optional(), search: text({ max: 100 }).optional(), ...filters })
}

/** The envelope under its own key and under `items`: the same rows twice, for older and newer clients alike. */
export function listAnswer<K extends string, T extends z.ZodType>(key: K, item: T) {
  return z.object({
    [key]: z.array(item),
    items: z.array(item),
    total: z.number().int().nullable(),
    page: z.number().int().nullable(),
    page_size: z.number().int(),
    pages: z.number().int().nullable(),
    total_pages: z.number().int().nullable(),
    count: z.number().int(),
    tenant_id: uuidOut,
    next_cursor: z.string().nullable(),
  } as Record<K, z.ZodArray<T>> & Record<string, z.ZodType>)
}

/** Rows of a platform-scope list name their tenant (API-028). */
export const tenantMembers = { tenant_id: uuidOut, tenant_name: z.string().optional() }
