/** A partition read by its own name shows what its parent shows: same row security, policies, grants, statement triggers (DB-135, Q-CAT-08). */
import type { Check, Subjects } from './check'

/** All that guards a table, without its name. */
const GUARDS = `
  select concat_ws(E'\\n', c.relrowsecurity, c.relforcerowsecurity,
    (select string_agg(concat_ws(' ', policyname, permissive, roles, cmd, qual, with_check), E'\\n' order by policyname)
     from pg_policies where schemaname = 'public' and tablename = c.relname),
    (select string_agg(concat_ws(' ', a.grantee::regrole, a.privilege_type), E'\\n' order by a.grantee, a.privilege_type)
     from aclexplode(c.relacl) a where a.grantee <> c.relowner),
    (select string_agg(concat_ws(' ', a.attname, g.grantee::regrole, g.privilege_type), E'\\n' order by a.attname, g.grantee, g.privilege_type)
     from pg_attribute a, aclexplode(a.attacl) g where a.attrelid = c.oid),
    (select string_agg(concat_ws(' ', t.tgname, t.tgtype, t.tgfoid::regproc, t.tgenabled), E'\\n' order by t.tgname)
     from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)) as guards
  from pg_class c where c.oid = $1::regclass`

export const partitionChecks = ({ tables }: Subjects): Check[] =>
  tables.flatMap(({ name, parent }) => {
    if (parent === null) return []
    const check: Check = {
      id: 'Q-CAT-08',
      table: name,
      says: 'guarded as its parent is',
      run: (session) =>
        session.as({ role: 'superuser' }, async (query) => {
          const guardsOf = async (table: string) => (await query(GUARDS, [table])).rows[0]?.['guards']
          return (await guardsOf(name)) === (await guardsOf(parent)) ? null : `guarded otherwise than ${parent}`
        }),
    }
    return [check]
  })
