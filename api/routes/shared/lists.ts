/** Pages and cursors: what a list asks of its repository, and the envelope around what comes back (API-020 to API-023, D-23). */
import { createHash } from 'node:crypto'
import { DEFAULT_PAGE_SIZE, type SortKey } from '#contract/list'
import type { UserPrincipal } from '#domain/authorization/principal'
import { createCursors } from './cursors'
import type { Repositories } from './repositories'

/** What every list query holds, once validated. */
export interface ListInput {
  readonly page?: number | undefined
  readonly page_size?: number | undefined
  readonly cursor?: string | undefined
  readonly sort?: readonly SortKey[] | undefined
  readonly q?: string | undefined
  readonly search?: string | undefined
  readonly tenant_id?: readonly string[] | undefined
}

/** Pages as repositories take and give them. */
export type PageRequest = Parameters<Repositories['sites']['list']>[0]['page']

export interface Page<R> {
  readonly rows: readonly R[]
  /** Null in cursor mode. */
  readonly total: number | null
  /** Sort values of the last row, when more rows follow. */
  readonly last: readonly (string | null)[] | null
}

export interface ListKind {
  /** Key of the rows in the envelope. */
  readonly key: string
  readonly defaultSort: readonly SortKey[]
  /** What else of the route tells this list from others under the same key: the parent's id, a fixed kind. */
  readonly scope?: string
}

export interface Lists {
  request(kind: ListKind, input: ListInput, principal: UserPrincipal): PageRequest
  envelope<R, V>(
    kind: ListKind,
    page: Page<R>,
    context: { readonly input: ListInput; readonly principal: UserPrincipal; readonly present: (row: R) => V },
  ): Record<string, unknown>
}

/** `secret` signs cursors: a caller can neither make one nor move one to another list, tenant or filter. */
export function createLists({ secret, now }: { readonly secret: string; readonly now: () => number }): Lists {
  const cursors = createCursors({ secret, now })
  return {
    request(kind, input, principal) {
      const limit = input.page_size ?? DEFAULT_PAGE_SIZE
      const after = input.cursor === undefined ? null : cursors.read(bindingOf(kind, input, principal), input.cursor)
      return {
        sort: input.sort ?? kind.defaultSort,
        limit,
        offset: after === null ? ((input.page ?? 1) - 1) * limit : 0,
        after,
        search: input.q ?? input.search ?? null,
        tenantIds: principal.scope === 'platform' ? (input.tenant_id ?? null) : onlyOwn(input.tenant_id, principal),
      }
    },

    envelope(kind, { rows, total, last }, { input, principal, present }) {
      const items = rows.map(present)
      const size = input.page_size ?? DEFAULT_PAGE_SIZE
      const pages = total === null ? null : Math.ceil(total / size)
      return {
        [kind.key]: items,
        items,
        total,
        page: total === null ? null : (input.page ?? 1),
        page_size: size,
        pages,
        total_pages: pages,
        count: items.length,
        tenant_id: principal.tenantId,
        next_cursor: last === null ? null : cursors.write(bindingOf(kind, input, principal), last),
      }
    },
  }
}

/** A tenant's member may name the own tenant; any other gives an empty list, as for an id that does not exist (API-019). */
function onlyOwn(asked: readonly string[] | undefined, { tenantId }: UserPrincipal): readonly string[] | null {
  if (asked === undefined) return null
  return asked.filter((id) => id === tenantId)
}

/** Tenant, list, filters and order: everything but where in it one stands. */
function bindingOf(kind: ListKind, input: ListInput, { tenantId }: UserPrincipal): string {
  const { cursor: _cursor, page: _page, page_size: _size, ...filters } = input
  const canonical = JSON.stringify(Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1)))
  return createHash('sha256')
    .update(`${tenantId}\n${kind.key}\n${kind.scope ?? ''}\n${canonical}`)
    .digest('base64url')
}
