/** Views show what their reader may see, never what their owner may (Q-RLS-05, DB-301). */
import { appOf, count, type Check, type Subjects } from './check'

const VIEWS = ['sensor_devices', 'display_devices'] as const

export function viewChecks({ world }: Subjects): Check[] {
  return VIEWS.map((view) => ({
    id: 'Q-RLS-05',
    table: view,
    says: 'the view shows rows of A to A and of everybody to the platform',
    async run(session) {
      const mine = await session.as(appOf(world.a), async (query) => [
        await count(query, view),
        await count(query, `${view} where tenant_id <> $1`, [world.a.ids.tenant]),
      ])
      if (mine[0] !== 1 || mine[1] !== 0) return `A sees ${mine[0]} rows, ${mine[1]} of them of others`
      const everybody = await session.as({ role: 'platform' }, (query) => count(query, view))
      return everybody >= 2 ? null : `the platform sees ${everybody} rows`
    },
  }))
}
