/** Pages of lists that are short by nature (sessions, models): all rows are at hand, a page is a slice. */
import type { Page, PageRequest } from './lists'

/** The cursor of such a list is the number of rows already seen. */
export function inMemoryPage<R>(rows: readonly R[], { limit, offset, after }: PageRequest): Page<R> {
  const start = after === null ? offset : Number(after[0])
  const slice = rows.slice(start, start + limit)
  const end = start + slice.length
  return { rows: slice, total: after === null ? rows.length : null, last: end < rows.length ? [String(end)] : null }
}
