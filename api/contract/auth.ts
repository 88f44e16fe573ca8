/** Signing in and staying signed in: login, refresh, logout, own profile, rules, socket ticket (api-v6 § 4). */
import { z } from 'zod'
import { defineOperation } from './operation'
import { emptyBody, instantOut, nothing, text, uuid, uuidOut } from './values'

const TAG = 'Authentication'
/** Longer than any password allowed, short enough not to feed argon2id with megabytes. */
const PASSWORD_MAX = 1_024
const ROLES = ['viewer', 'operator', 'admin', 'owner', 'platform_admin'] as const

export const PROFILE = { subject: 'Profile', action: 'manage' } as const

/** Taken as typed: spaces belong to a password, and its normal form is not ours to change. */
const password = z.string().min(1).max(PASSWORD_MAX).meta({ format: 'password' })
const refreshToken = z.string().min(1).max(4_096)

export const switchView = z.object({
  id: uuidOut,
  from_tenant_id: uuidOut,
  from_tenant_name: z.string(),
  reason: z.string(),
  started_at: instantOut,
  expires_at: instantOut,
})

const userMembers = {
  id: uuidOut,
  email: z.string(),
  username: z.string(),
  name: z.string(),
  tenant_id: uuidOut,
  tenant_name: z.string(),
  tenant_slug: z.string(),
  role: z.enum(ROLES),
  membership_role: z.enum(['viewer', 'operator', 'admin', 'owner']),
  is_platform_admin: z.boolean(),
  scope: z.enum(['tenant', 'platform']),
  email_verified: z.boolean(),
  language: z.string(),
  last_login_at: instantOut.nullable(),
  created_at: instantOut,
  switch: switchView.nullable(),
}
const membershipView = z.object({ id: uuidOut, name: z.string(), slug: z.string(), role: z.string() })

export const userView = z.object(userMembers)
export const meView = z.object({ ...userMembers, tenants: z.array(membershipView) })
export const tokenView = z.object({
  access_token: z.string(),
  /** Absent in cookie mode: there it travels in the cookie only (API-222). */
  refresh_token: z.string().optional(),
  token_type: z.literal('bearer'),
  expires_in: z.number().int(),
  refresh_expires_in: z.number().int(),
  user: userView,
  tenants: z.array(membershipView),
})
const doneView = z.object({ success: z.literal(true), message: z.string() })

export const login = defineOperation({
  id: 'API-201',
  name: 'login',
  method: 'post',
  path: '/api/auth/login',
  tag: TAG,
  summary: 'Sign in',
  description:
    'JSON or the form of older clients. Unknown person, wrong password, disabled person and no membership are answered alike. With `X-Refresh-Mode: cookie` or `session` the refresh token travels in a cookie only.',
  params: nothing,
  query: nothing,
  body: z
    .strictObject({
      email: text({ max: 254 }).optional(),
      username: text({ max: 254 }).optional(),
      password,
      tenant_id: uuid.optional(),
      tenant_slug: text({ max: 100 }).optional(),
      grant_type: z.literal('password').optional(),
    })
    .refine(({ email, username }) => email !== undefined || username !== undefined, {
      path: ['email'],
      params: { issue: 'required' },
      message: 'is required',
    }),
  takesBody: 'json_or_form',
  answers: { 200: tokenView },
  errors: ['auth.invalid_credentials', 'tenant.suspended', 'auth.throttled', 'auth.cross_site'],
  permission: null,
  scope: 'none',
  budget: 'none',
  audit: 'auth.login',
  examples: [{ summary: 'By e-mail', body: { email: 'owner@acme.example', password: 'Parking-demo-1' } }],
})

export const refresh = defineOperation({
  id: 'API-202',
  name: 'refresh',
  method: 'post',
  path: '/api/auth/refresh',
  tag: TAG,
  summary: 'Exchange the refresh token for a new pair',
  description:
    'Each refresh token is used once. Within ten seconds a second use gets the same successor, so that two tabs do not sign each other out; later the whole family is revoked. In cookie mode the body may be empty.',
  params: nothing,
  query: nothing,
  body: z.strictObject({ refresh_token: refreshToken.optional() }),
  takesBody: 'json',
  answers: { 200: tokenView },
  errors: ['auth.invalid_refresh_token', 'auth.cross_site'],
  permission: null,
  scope: 'none',
  budget: 'none',
  examples: [{ summary: 'By body', body: { refresh_token: 'rt_8ZkV…' } }],
})

export const logout = defineOperation({
  id: 'API-203',
  name: 'logout',
  method: 'post',
  path: '/api/auth/logout',
  tag: TAG,
  summary: 'End this session',
  description: 'Its access tokens, refresh tokens and sockets are refused within one second.',
  params: nothing,
  query: nothing,
  body: z.strictObject({ refresh_token: refreshToken.optional() }),
  takesBody: 'json',
  answers: { 200: doneView },
  errors: ['auth.cross_site'],
  permission: PROFILE,
  scope: 'none',
  budget: 'session',
  audit: 'auth.logout',
})

export const me = defineOperation({
  id: 'API-204',
  name: 'getMe',
  method: 'get',
  path: '/api/auth/me',
  tag: TAG,
  summary: 'Who am I',
  description: 'The signed-in person in the tenant of this session, and the tenants they belong to.',
  params: nothing,
  query: nothing,
  body: emptyBody,
  answers: { 200: meView },
  permission: PROFILE,
  scope: 'none',
  budget: 'session',
})

export const permissions = defineOperation({
  id: 'API-217',
  name: 'getPermissions',
  method: 'get',
  path: '/api/auth/permissions',
  tag: TAG,
  summary: 'What may I do',
  description: 'Packed CASL rules of this session; `version` changes whenever they do.',
  params: nothing,
  query: nothing,
  body: emptyBody,
  answers: {
    200: z.object({
      role: z.enum(ROLES),
      scope: z.enum(['tenant', 'platform']),
      rules: z.array(z.array(z.unknown())),
      version: z.string(),
    }),
  },
  permission: PROFILE,
  scope: 'none',
  budget: 'session',
})

export const socketTicket = defineOperation({
  id: 'API-218',
  name: 'createSocketTicket',
  method: 'post',
  path: '/api/auth/ws-ticket',
  tag: TAG,
  summary: 'A ticket to open the socket with',
  description: 'Single use, 30 seconds, bound to this person and tenant: `GET /ws?ticket=…`.',
  params: nothing,
  query: nothing,
  body: emptyBody,
  takesBody: 'json',
  answers: { 200: z.object({ ticket: z.string(), expires_in: z.number().int() }) },
  permission: { subject: 'Profile', action: 'ticket' },
  scope: 'any:read',
  budget: 'session',
})
