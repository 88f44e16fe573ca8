/** Who may do what, read from the specification's own table (api-v6 § 3), so that the test and the product share no list. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROLES = ['viewer', 'operator', 'admin', 'owner', 'platform_admin'] as const
export type CatalogueRole = (typeof ROLES)[number]

const SPEC = join(__dirname, '..', '..', 'docs', 'spec', 'api-v6.md')
/** `| API-112 | Space.override (…) | – | ✓ | ✓ | ✓ | plat | scope |` */
const ROW = /^\| API-1\d\d \| (?<who>[^|]+) \|(?<cells>(?:[^|]+\|){5})/

export type RoleMatrix = ReadonlyMap<string, ReadonlySet<CatalogueRole>>

/** `Subject.action` → roles whose cell is not `–`. */
export function readRoleMatrix(): RoleMatrix {
  const matrix = new Map<string, ReadonlySet<CatalogueRole>>()
  for (const line of readFileSync(SPEC, 'utf8').split('\n')) {
    const { who, cells } = ROW.exec(line)?.groups ?? {}
    if (who === undefined || cells === undefined) continue
    const allowed = new Set(ROLES.filter((_role, index) => cells.split('|')[index]?.trim() !== '–'))
    for (const permission of permissionsOf(who)) matrix.set(permission, allowed)
  }
  return matrix
}

/** `Space.create · update · delete · bulk`, `Site.read`, `SavedView.share`; remarks in brackets are left out. */
function permissionsOf(text: string): string[] {
  let subject = ''
  return text
    .replace(/\([^)]*\)/g, '')
    .split(/[·,]/)
    .map((part) => part.trim())
    .flatMap((part) => {
      const [first = '', action] = part.split('.')
      if (action !== undefined && first !== '') subject = first
      const verb = action ?? first
      return /^[a-z_]+$/i.test(verb) && subject !== '' ? [`${subject}.${verb}`] : []
    })
}

/** The row of the permission; `Subject.manage` is the row of actions that it only names in its remark (`Profile.ticket`, `IngestDeadLetter.read`). */
export function rolesOf(matrix: RoleMatrix, permission: string): ReadonlySet<CatalogueRole> {
  const allowed = matrix.get(permission) ?? matrix.get(`${permission.split('.')[0]}.manage`)
  if (allowed === undefined) throw new Error(`api-v6 § 3 has no row for ${permission}`)
  return allowed
}
