import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiKey, HOME_TENANT, member, OTHER_TENANT, platformAdmin, switchedAdmin } from '#test/factories/principals'
import { createAbility, outlivesSwitch } from './abilities'
import { isAllowed } from './assert-allowed'
import type { Principal } from './principal'
import { SCOPES } from './scopes'
import { OWNER_MEMBER, PERMISSIONS, type PermissionEntry } from './vocabulary'

/** The published table: per id the cells `label, V, O, A, W, P, scope` of API § 3. */
const PUBLISHED = new Map(
  readFileSync(join(__dirname, '../../docs/spec/api-v6.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => /^API-1[0-4]\d$/.test(cells[1] ?? '') && cells.length === 10)
    .map(([, id = '', ...cells]) => [id, cells] as const),
)

type Reach = 'all' | 'home' | 'own' | 'none'

/** How far a principal really gets, found out by asking about rows. */
function reach(principal: Principal, entry: PermissionEntry): Reach {
  const access = { principal, ability: createAbility(principal) }
  const me = principal.kind === 'user' ? principal.userId : principal.apiKeyId
  const row = (tenant: string, maker: string) => ({ tenant_id: tenant, [OWNER_MEMBER[entry.subject] ?? 'maker']: maker })
  if (!isAllowed(access, entry)) return 'none'
  if (isAllowed(access, entry, row(OTHER_TENANT, 'user-other'))) return 'all'
  if (isAllowed(access, entry, row(HOME_TENANT, 'user-other'))) return 'home'
  return isAllowed(access, entry, row(HOME_TENANT, me)) ? 'own' : 'none'
}

const named = PERMISSIONS.map((entry) => [`${entry.id} ${entry.subject}.${entry.action}`, entry] as const)

const cellsOf = (entry: PermissionEntry): readonly string[] => PUBLISHED.get(entry.id) ?? []

/** "(own)" behind a name in the table limits every ✓ of that name. */
const isOwnByName = ({ subject, action, id }: PermissionEntry): boolean =>
  (PUBLISHED.get(id)?.[0] ?? '').includes(`${subject}.${action} (own)`)

function published(cell: string | undefined, entry: PermissionEntry): Reach {
  const word = cell?.includes(',') ? cell.split(', ')[entry.action === 'read' ? 0 : 1]?.split(' ')[0] : cell
  if (word === '✓') return isOwnByName(entry) ? 'own' : 'all'
  if (word === 'all' || word === 'own') return word
  return word === 'plat' ? 'home' : 'none'
}

describe('the vocabulary against the published table (API-149)', () => {
  it('has every row of the table and no other', () => {
    expect(PUBLISHED.size).toBe(49)
    expect(new Set(PERMISSIONS.map(({ id }) => id))).toEqual(new Set(PUBLISHED.keys()))
  })

  it('names each permission once', () => {
    expect(new Set(named.map(([name]) => name)).size).toBe(PERMISSIONS.length)
  })

  it.each(named)('%s: V, O, A, W and P', (_name, entry) => {
    const standings = [member('viewer'), member('operator'), member('admin'), member('owner'), platformAdmin()]
    const [, ...cells] = cellsOf(entry)
    expect(standings.map((principal) => reach(principal, entry))).toEqual(cells.slice(0, 5).map((cell) => published(cell, entry)))
  })

  it.each(named)('%s: a switched platform admin has column W, but for credentials', (_name, entry) => {
    const expected = outlivesSwitch(entry) ? 'none' : reach(member('owner'), entry)
    expect(reach(switchedAdmin(), entry)).toBe(expected)
  })

  it.each(named)('%s: the scope of a key', (_name, entry) => {
    const need = entry.action === 'ticket' ? 'any:read' : cellsOf(entry)[6]?.replace(/[`]| \(.*/g, '')
    const spelled = { 'own, any scope': 'own:any', 'own, any :write': 'own:write' }[need ?? ''] ?? need
    expect(entry.scope).toBe(spelled)
  })

  it.each(named)('%s: a key with the one needed scope may, with all others may not, with admin:* as an admin', (_name, entry) => {
    const isScope = (SCOPES as readonly string[]).includes(entry.scope)
    if (isScope) {
      expect(reach(apiKey(entry.scope), entry)).toBe('all')
      const others = SCOPES.filter(
        (scope) => scope !== entry.scope && scope !== 'admin:*' && scope !== entry.scope.replace(':read', ':write'),
      )
      expect(reach(apiKey(...others), entry)).toBe('none')
    }
    const isForAdmins = entry.scope !== 'none' && reach(member('admin'), entry) === 'all'
    if (entry.scope === 'none') expect(reach(apiKey(...SCOPES), entry)).toBe('none')
    if (isScope || entry.scope === 'none') expect(reach(apiKey('admin:*'), entry)).toBe(isForAdmins ? 'all' : 'none')
  })

  it('API-145, API-146: a key sees the jobs it made, and stops them if it may write', () => {
    const entry = (action: string) =>
      PERMISSIONS.find(({ subject, ...rest }) => subject === 'Job' && rest.action === action) as PermissionEntry
    expect(reach(apiKey('sites:read'), entry('read'))).toBe('own')
    expect(reach(apiKey('sites:read'), entry('control'))).toBe('none')
    expect(reach(apiKey('sites:write'), entry('control'))).toBe('own')
  })

  it('names whose row it is for every subject that can be own', () => {
    const own = PERMISSIONS.filter((entry) => entry.own !== undefined || entry.platform === 'own' || entry.scope.startsWith('own:'))
    expect(new Set(own.map(({ subject }) => subject))).toEqual(new Set(Object.keys(OWNER_MEMBER)))
  })
})
