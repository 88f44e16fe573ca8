/** Who may do what: the table of API § 3 (API-100 … API-148) as one constant. Abilities, guards, the console's rules and the tests read it. */
import type { MembershipRole } from './principal'
import type { Scope } from './scopes'

/** A platform admin on the platform tenant: everywhere, on that tenant's rows alone, on what is their own, or not at all. */
export type PlatformGrant = 'all' | 'home' | 'own' | 'none'

/** What an API key needs. The words beside real scopes: `any:read` one scope that reads; `own:any` and `own:write` only what the key made. */
export type ScopeNeed = Scope | 'none' | 'any:read' | 'own:any' | 'own:write'

interface VocabularyRow {
  readonly id: `API-${number}`
  readonly subject: string
  readonly actions: readonly string[]
  /** The least role that may, on every row of its tenant; null = no role of a tenant. */
  readonly from: MembershipRole | null
  /** The least role that may on its own rows, where `from` does not reach. */
  readonly own?: MembershipRole
  readonly platform: PlatformGrant
  readonly scope: ScopeNeed
}

const READ = ['read'] as const
const MANAGE = ['manage'] as const

// prettier-ignore
const VOCABULARY = [
  { id: 'API-100', subject: 'Profile', actions: MANAGE, from: 'viewer', platform: 'all', scope: 'none' },
  { id: 'API-100', subject: 'Profile', actions: ['ticket'], from: 'viewer', platform: 'all', scope: 'any:read' },
  { id: 'API-101', subject: 'Preference', actions: MANAGE, from: 'viewer', platform: 'all', scope: 'none' },
  { id: 'API-101', subject: 'SavedView', actions: MANAGE, from: null, own: 'viewer', platform: 'own', scope: 'none' },
  { id: 'API-101', subject: 'CalendarFeed', actions: MANAGE, from: null, own: 'viewer', platform: 'own', scope: 'none' },
  { id: 'API-102', subject: 'SavedView', actions: ['share'], from: 'operator', platform: 'home', scope: 'none' },
  { id: 'API-103', subject: 'OwnTenant', actions: READ, from: 'viewer', platform: 'all', scope: 'admin:*' },
  { id: 'API-104', subject: 'OwnTenant', actions: ['update'], from: 'owner', platform: 'home', scope: 'none' },
  { id: 'API-105', subject: 'User', actions: READ, from: 'admin', platform: 'all', scope: 'none' },
  { id: 'API-106', subject: 'User', actions: MANAGE, from: 'owner', platform: 'all', scope: 'none' },
  { id: 'API-107', subject: 'ApiKey', actions: MANAGE, from: 'owner', platform: 'home', scope: 'none' },
  { id: 'API-108', subject: 'Tenant', actions: MANAGE, from: null, platform: 'all', scope: 'none' },
  { id: 'API-109', subject: 'Site', actions: READ, from: 'viewer', platform: 'all', scope: 'sites:read' },
  { id: 'API-110', subject: 'Site', actions: ['create', 'update', 'delete'], from: 'admin', platform: 'home', scope: 'sites:write' },
  { id: 'API-111', subject: 'Space', actions: READ, from: 'viewer', platform: 'all', scope: 'spaces:read' },
  { id: 'API-112', subject: 'Space', actions: ['override'], from: 'operator', platform: 'home', scope: 'spaces:write' },
  { id: 'API-113', subject: 'Space', actions: ['create', 'update', 'delete', 'bulk'], from: 'admin', platform: 'home', scope: 'spaces:write' },
  { id: 'API-114', subject: 'Device', actions: READ, from: 'viewer', platform: 'all', scope: 'devices:read' },
  { id: 'API-115', subject: 'Device', actions: ['assign'], from: 'operator', platform: 'home', scope: 'devices:write' },
  { id: 'API-116', subject: 'Device', actions: ['create', 'update', 'delete', 'transition', 'import', 'sync'], from: 'admin', platform: 'home', scope: 'devices:write' },
  { id: 'API-117', subject: 'Orphan', actions: READ, from: 'operator', platform: 'all', scope: 'devices:write' },
  { id: 'API-117', subject: 'Orphan', actions: ['claim'], from: 'operator', platform: 'home', scope: 'devices:write' },
  { id: 'API-118', subject: 'Orphan', actions: ['ignore'], from: 'admin', platform: 'all', scope: 'devices:write' },
  { id: 'API-119', subject: 'DevicePool', actions: MANAGE, from: null, platform: 'all', scope: 'none' },
  { id: 'API-120', subject: 'Gateway', actions: READ, from: 'viewer', platform: 'all', scope: 'gateways:read' },
  { id: 'API-121', subject: 'Gateway', actions: ['create', 'update', 'delete'], from: 'admin', platform: 'home', scope: 'gateways:write' },
  { id: 'API-122', subject: 'Reservation', actions: READ, from: 'viewer', platform: 'all', scope: 'reservations:read' },
  { id: 'API-122', subject: 'Waitlist', actions: READ, from: 'viewer', platform: 'all', scope: 'reservations:read' },
  { id: 'API-123', subject: 'Reservation', actions: ['create'], from: 'operator', platform: 'home', scope: 'reservations:write' },
  { id: 'API-123', subject: 'Waitlist', actions: ['create'], from: 'operator', platform: 'home', scope: 'reservations:write' },
  { id: 'API-124', subject: 'Reservation', actions: ['change'], from: 'operator', own: 'viewer', platform: 'home', scope: 'reservations:write' },
  { id: 'API-124', subject: 'Waitlist', actions: ['answer'], from: 'operator', own: 'viewer', platform: 'home', scope: 'reservations:write' },
  { id: 'API-125', subject: 'Reservation', actions: ['sweep'], from: null, platform: 'all', scope: 'none' },
  { id: 'API-126', subject: 'DisplayPolicy', actions: ['read', 'preview'], from: 'viewer', platform: 'all', scope: 'displays:read' },
  { id: 'API-127', subject: 'DisplayPolicy', actions: MANAGE, from: 'admin', platform: 'home', scope: 'displays:write' },
  { id: 'API-128', subject: 'Downlink', actions: READ, from: 'viewer', platform: 'all', scope: 'downlinks:read' },
  { id: 'API-129', subject: 'Downlink', actions: ['command'], from: 'operator', platform: 'home', scope: 'downlinks:write' },
  { id: 'API-130', subject: 'Downlink', actions: ['admin'], from: 'admin', platform: 'home', scope: 'downlinks:write' },
  { id: 'API-131', subject: 'NetworkServer', actions: READ, from: 'admin', platform: 'all', scope: 'admin:*' },
  { id: 'API-132', subject: 'NetworkServer', actions: MANAGE, from: 'admin', platform: 'home', scope: 'admin:*' },
  { id: 'API-133', subject: 'NetworkServer', actions: ['map'], from: null, platform: 'all', scope: 'none' },
  { id: 'API-134', subject: 'WebhookSecret', actions: MANAGE, from: 'admin', platform: 'home', scope: 'none' },
  { id: 'API-135', subject: 'Webhook', actions: MANAGE, from: 'admin', platform: 'home', scope: 'admin:*' },
  { id: 'API-136', subject: 'Ingest', actions: ['deliver'], from: null, platform: 'none', scope: 'webhooks:receive' },
  { id: 'API-137', subject: 'IngestDeadLetter', actions: READ, from: 'admin', platform: 'all', scope: 'admin:*' },
  { id: 'API-137', subject: 'IngestDeadLetter', actions: MANAGE, from: 'admin', platform: 'home', scope: 'admin:*' },
  { id: 'API-138', subject: 'Dashboard', actions: READ, from: 'viewer', platform: 'all', scope: 'spaces:read' },
  { id: 'API-139', subject: 'Alert', actions: READ, from: 'viewer', platform: 'all', scope: 'admin:*' },
  { id: 'API-140', subject: 'Alert', actions: ['acknowledge'], from: 'operator', platform: 'all', scope: 'admin:*' },
  { id: 'API-141', subject: 'Analytics', actions: READ, from: 'viewer', platform: 'all', scope: 'analytics:read' },
  { id: 'API-142', subject: 'Report', actions: READ, from: 'viewer', platform: 'all', scope: 'analytics:read' },
  { id: 'API-143', subject: 'Report', actions: ['run'], from: 'operator', platform: 'home', scope: 'analytics:read' },
  { id: 'API-144', subject: 'Report', actions: MANAGE, from: 'admin', platform: 'home', scope: 'admin:*' },
  { id: 'API-145', subject: 'Job', actions: READ, from: 'viewer', platform: 'all', scope: 'own:any' },
  { id: 'API-146', subject: 'Job', actions: ['control'], from: 'admin', own: 'operator', platform: 'home', scope: 'own:write' },
  { id: 'API-147', subject: 'AuditLog', actions: READ, from: 'owner', platform: 'all', scope: 'none' },
  { id: 'API-148', subject: 'Platform', actions: ['read', 'manage'], from: null, platform: 'all', scope: 'none' },
] as const satisfies readonly VocabularyRow[]

type Row = (typeof VOCABULARY)[number]
type PermissionOf<R> = R extends { subject: infer S; actions: readonly (infer A)[] } ? { readonly subject: S; readonly action: A } : never

export type SubjectName = Row['subject']
export type ActionName = Row['actions'][number]

/** One thing that somebody may or may not do; only pairs of the table. */
export type Permission = PermissionOf<Row>

/** One permission with everything the table says about it. */
export interface PermissionEntry extends Omit<VocabularyRow, 'subject' | 'actions'> {
  readonly subject: SubjectName
  readonly action: ActionName
}

/** The table, one entry per subject and action. */
export const PERMISSIONS: readonly PermissionEntry[] = VOCABULARY.flatMap(({ actions, ...row }) =>
  actions.map((action) => ({ ...row, action })),
)

/** The entry of a permission; null for a pair that is not in the table, which therefore nobody may. */
export function findPermission({ subject, action }: { readonly subject: string; readonly action: string }): PermissionEntry | null {
  return PERMISSIONS.find((entry) => entry.subject === subject && entry.action === action) ?? null
}

/**
 * What makes a row somebody's own: the member of its API view that names its maker. Only subjects with an `own` grant are here.
 */
export const OWNER_MEMBER: Readonly<Partial<Record<SubjectName, string>>> = {
  SavedView: 'user_id',
  CalendarFeed: 'user_id',
  Reservation: 'user_id',
  Waitlist: 'user_id',
  Job: 'created_by',
}
