/** The signed-in person's own sessions: list, end one, end the others (API-211 to API-213). */
import { z } from 'zod'
import { PROFILE } from './auth'
import { listAnswer, pageQuery } from './list'
import { defineOperation } from './operation'
import { emptyBody, idParams, instantOut, nothing, uuidOut } from './values'

const TAG = 'Authentication'

export const sessionView = z.object({
  id: uuidOut,
  created_at: instantOut,
  last_used_at: instantOut.nullable(),
  expires_at: instantOut,
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  tenant_id: uuidOut,
  current: z.boolean(),
})

export const listSessions = defineOperation({
  id: 'API-211',
  name: 'listSessions',
  method: 'get',
  path: '/api/auth/sessions',
  tag: TAG,
  summary: 'Where am I signed in',
  description: 'Open sessions of this person in this tenant, newest first.',
  params: nothing,
  query: pageQuery(['created_at'], {}),
  body: emptyBody,
  answers: { 200: listAnswer('sessions', sessionView) },
  permission: PROFILE,
  scope: 'none',
  budget: 'session',
})

export const endSession = defineOperation({
  id: 'API-212',
  name: 'endSession',
  method: 'delete',
  path: '/api/auth/sessions/{id}',
  tag: TAG,
  summary: 'End one session',
  description: 'Own sessions only; another one is not found.',
  params: idParams,
  query: nothing,
  body: emptyBody,
  takesBody: 'json',
  answers: { 200: z.object({ success: z.literal(true), id: uuidOut, session_id: uuidOut, message: z.string() }) },
  errors: ['resource.not_found'],
  permission: PROFILE,
  scope: 'none',
  budget: 'session',
  audit: 'auth.revoke_session',
})

export const endOtherSessions = defineOperation({
  id: 'API-213',
  name: 'endOtherSessions',
  method: 'delete',
  path: '/api/auth/sessions',
  tag: TAG,
  summary: 'End all sessions but this one',
  description: 'Answers how many were ended.',
  params: nothing,
  query: nothing,
  body: emptyBody,
  takesBody: 'json',
  answers: { 200: z.object({ success: z.literal(true), revoked: z.number().int() }) },
  permission: PROFILE,
  scope: 'none',
  budget: 'session',
  audit: 'auth.revoke_sessions',
})
