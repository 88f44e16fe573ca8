/** What stands twice must agree (DB-913): any suite may ask at its end, as superuser, over all tenants. */
import { withAdmin } from './template-database'

/** Each query names the rows that disagree. */
const DISAGREEMENTS: Readonly<Record<string, string>> = {
  'spaces.sensor_device_id and display_device_id = devices.assigned_space_id': `
    select s.tenant_id || ' ' || s.id as what from spaces s
    cross join (values ('sensor'), ('display')) k (kind)
    where case k.kind when 'sensor' then s.sensor_device_id else s.display_device_id end is distinct from
      (select d.id from devices d where d.tenant_id = s.tenant_id and d.assigned_space_id = s.id and d.kind = k.kind and d.archived_at is null)`,
  'site_occupancy = counted states': `
    select o.tenant_id || ' ' || o.site_id as what from site_occupancy o
    left join lateral (
      select count(*) as total, count(*) filter (where current_state = 'free') as free, count(*) filter (where current_state = 'occupied') as occupied,
        count(*) filter (where current_state = 'reserved') as reserved, count(*) filter (where current_state = 'maintenance') as maintenance,
        count(*) filter (where current_state = 'unknown') as unknown
      from spaces s where s.tenant_id = o.tenant_id and s.site_id = o.site_id and s.deleted_at is null) c on true
    where (o.total, o.free, o.occupied, o.reserved, o.maintenance, o.unknown)
      is distinct from (c.total::int, c.free::int, c.occupied::int, c.reserved::int, c.maintenance::int, c.unknown::int)`,
  'highest state_changes.sequence = spaces.state_sequence, no gaps': `
    select s.tenant_id || ' ' || s.id as what from spaces s
    left join lateral (select max(t.sequence) as highest, count(*) as steps, min(t.sequence) as first
                       from state_changes t where t.tenant_id = s.tenant_id and t.space_id = s.id) t on true
    where coalesce(t.highest, 0) <> s.state_sequence or (t.steps > 0 and (t.first <> 1 or t.steps <> t.highest))`,
}

/** One sentence for each rule that is broken, with up to three places. Empty = all agree. */
export function findDisagreements(adminUrl: string): Promise<string[]> {
  return withAdmin(adminUrl, async (client) => {
    const found: string[] = []
    for (const [rule, query] of Object.entries(DISAGREEMENTS)) {
      const { rows } = await client.query<{ what: string }>(query)
      const places = rows.slice(0, 3).map(({ what }) => what)
      if (rows.length > 0) found.push(`${rule}: ${rows.length} rows disagree, such as ${places.join('; ')}`)
    }
    return found
  })
}
