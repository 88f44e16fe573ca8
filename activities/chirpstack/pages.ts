/** Reads a whole list page by page; one that changes meanwhile is read again, at most three times (LW-022). */
import { NetworkServerError } from '../network-server'

const MAX_RESTARTS = 3

interface Page<I> {
  getTotalCount(): number
  getResultList(): I[]
}

export async function readPages<I, R>(present: (item: I) => R, readPage: (offset: number) => Promise<Page<I>>): Promise<R[]> {
  for (let restarts = 0; restarts <= MAX_RESTARTS; restarts++) {
    const rows = await readOnce(readPage)
    if (rows !== null) return rows.map(present)
  }
  throw new NetworkServerError('ambiguous', 'unstable_list', 'the list changes faster than it can be read')
}

/** Null when its length changed on the way. */
async function readOnce<I>(readPage: (offset: number) => Promise<Page<I>>): Promise<I[] | null> {
  const rows: I[] = []
  for (let total = Infinity; rows.length < total;) {
    const page = await readPage(rows.length)
    const items = page.getResultList()
    if (total !== Infinity && page.getTotalCount() !== total) return null
    total = page.getTotalCount()
    rows.push(...items)
    if (items.length === 0) return rows
  }
  return rows
}
