/** The closed list of HTTP error codes (API-072, H-40): one entry each for status, title and log level. */
export type LogLevel = 'info' | 'warn' | 'error'

interface ErrorEntry {
  readonly status: number
  readonly title: string
  readonly log: LogLevel
}

export const ERROR_CODES = {
  'request.malformed': { status: 400, title: 'The request cannot be read', log: 'info' },
  'graphql.too_complex': { status: 400, title: 'The query is too complex', log: 'info' },
  'graphql.read_only': { status: 400, title: 'Only queries are answered', log: 'info' },
  'auth.required': { status: 401, title: 'Sign in first', log: 'info' },
  'auth.invalid_token': { status: 401, title: 'The credential is not accepted', log: 'info' },
  'auth.invalid_credentials': { status: 401, title: 'E-mail or password is wrong', log: 'info' },
  'auth.invalid_refresh_token': { status: 401, title: 'The refresh token is not accepted', log: 'info' },
  'webhook.unauthenticated': { status: 401, title: 'The delivery is not authenticated', log: 'info' },
  'webhook.replayed': { status: 401, title: 'The delivery was already made', log: 'info' },
  'permission.role': { status: 403, title: 'The role does not allow this', log: 'info' },
  'permission.scope': { status: 403, title: 'The key does not allow this', log: 'info' },
  'permission.not_yours': { status: 403, title: 'Only the owner of this may do that', log: 'info' },
  'feature.disabled': { status: 403, title: 'The feature is switched off', log: 'info' },
  'tenant.suspended': { status: 403, title: 'The tenant is suspended', log: 'info' },
  'tenant.switch_required': { status: 403, title: 'Switch to the tenant first', log: 'info' },
  'tenant.switch_active': { status: 403, title: 'End the switch first', log: 'info' },
  'auth.registration_closed': { status: 403, title: 'Registration is closed', log: 'info' },
  'auth.cross_site': { status: 403, title: 'The request comes from another site', log: 'warn' },
  'request.origin_denied': { status: 403, title: 'The origin is not allowed', log: 'info' },
  'resource.not_found': { status: 404, title: 'Not found', log: 'info' },
  'request.route_not_found': { status: 404, title: 'No such route', log: 'info' },
  'request.method_not_allowed': { status: 405, title: 'The method is not allowed', log: 'info' },
  'request.timeout': { status: 408, title: 'The request took too long to arrive', log: 'info' },
  'request.too_large': { status: 413, title: 'The request is too large', log: 'info' },
  'request.uri_too_long': { status: 414, title: 'The address is too long', log: 'info' },
  'request.unsupported_media_type': { status: 415, title: 'The media type is not supported', log: 'info' },
  'request.headers_too_large': { status: 431, title: 'The headers are too large', log: 'info' },
  'resource.duplicate': { status: 409, title: 'It exists already', log: 'info' },
  'resource.in_use': { status: 409, title: 'It is in use', log: 'info' },
  'limit.exceeded': { status: 409, title: 'The limit is reached', log: 'info' },
  'idempotency.in_progress': { status: 409, title: 'The first request is still running', log: 'info' },
  'user.last_owner': { status: 409, title: 'The last owner stays', log: 'info' },
  'user.self_change': { status: 409, title: 'Nobody changes their own standing', log: 'info' },
  'tenant.platform_protected': { status: 409, title: 'The platform tenant is protected', log: 'info' },
  'tenant.migrating': { status: 409, title: 'The tenant is being migrated', log: 'info' },
  'device.illegal_transition': { status: 409, title: 'The device cannot go there from here', log: 'info' },
  'device.already_assigned': { status: 409, title: 'The device is assigned already', log: 'info' },
  'device.not_assigned': { status: 409, title: 'The device is not assigned', log: 'info' },
  'device.space_taken': { status: 409, title: 'The space has such a device', log: 'info' },
  'device.wrong_kind': { status: 409, title: 'The device is of another kind', log: 'info' },
  'device.not_operable': { status: 409, title: 'The device is out of operation', log: 'info' },
  'device.eui_unavailable': { status: 409, title: 'The EUI is not available', log: 'info' },
  'reservation.conflict': { status: 409, title: 'The slot is taken', log: 'info' },
  'reservation.series_conflict': { status: 409, title: 'Some dates are taken', log: 'info' },
  'reservation.none_available': { status: 409, title: 'No space is free then', log: 'info' },
  'reservation.space_not_reservable': { status: 409, title: 'The space cannot be reserved', log: 'info' },
  'reservation.illegal_transition': { status: 409, title: 'The reservation cannot go there from here', log: 'info' },
  'reservation.hold_expired': { status: 409, title: 'The hold has run out', log: 'info' },
  'waitlist.offer_closed': { status: 409, title: 'The offer is closed', log: 'info' },
  'policy.not_draft': { status: 409, title: 'The policy is not a draft', log: 'info' },
  'policy.publish_running': { status: 409, title: 'A publication is running', log: 'info' },
  'downlink.not_cancellable': { status: 409, title: 'The command can no longer be cancelled', log: 'info' },
  'downlink.not_retryable': { status: 409, title: 'The command cannot be retried', log: 'info' },
  'chirpstack.not_configured': { status: 409, title: 'No network server is configured', log: 'info' },
  'chirpstack.drift_changed': { status: 409, title: 'The difference has changed', log: 'info' },
  'webhook.endpoint_disabled': { status: 409, title: 'The endpoint is disabled', log: 'info' },
  'job.not_cancellable': { status: 409, title: 'The job can no longer be cancelled', log: 'info' },
  'job.not_undoable': { status: 409, title: 'The job cannot be undone', log: 'info' },
  'report.not_ready': { status: 409, title: 'The report is not ready', log: 'info' },
  'precondition.stale': { status: 412, title: 'The resource has changed', log: 'info' },
  'validation.failed': { status: 422, title: 'Some values are not valid', log: 'info' },
  'idempotency.mismatch': { status: 422, title: 'The key was used for another request', log: 'info' },
  'auth.password_incorrect': { status: 422, title: 'The password is wrong', log: 'info' },
  'auth.invalid_link_token': { status: 422, title: 'The link is not valid', log: 'info' },
  'tenant.confirmation_required': { status: 422, title: 'Confirm with the slug', log: 'info' },
  'space.state_not_settable': { status: 422, title: 'This state cannot be set by hand', log: 'info' },
  'device.command_refused': { status: 422, title: 'The command is refused', log: 'info' },
  'downlink.unsupported': { status: 422, title: 'The light cannot do that', log: 'info' },
  'reservation.in_past': { status: 422, title: 'The start is in the past', log: 'info' },
  'reservation.too_short': { status: 422, title: 'The reservation is too short', log: 'info' },
  'reservation.too_long': { status: 422, title: 'The reservation is too long', log: 'info' },
  'webhook.url_refused': { status: 422, title: 'The URL is refused', log: 'info' },
  'import.invalid_file': { status: 422, title: 'The file cannot be imported', log: 'info' },
  'rate.limited': { status: 429, title: 'Too many requests', log: 'info' },
  'auth.throttled': { status: 429, title: 'Too many failed attempts', log: 'info' },
  'server.internal': { status: 500, title: 'Unexpected error', log: 'error' },
  'chirpstack.refused': { status: 502, title: 'The network server refused', log: 'warn' },
  'chirpstack.unreachable': { status: 503, title: 'The network server is unreachable', log: 'warn' },
  'server.unavailable': { status: 503, title: 'A service is away', log: 'warn' },
  'server.busy': { status: 503, title: 'The server is busy', log: 'warn' },
  'server.timeout': { status: 503, title: 'The request took too long to answer', log: 'warn' },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof ERROR_CODES

/** Whether a text is a code of the closed list, e.g. the `type` of a workflow failure. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text)
}

/** A refusal repeats itself whenever it is tried again; a dependency that is away does not (H-40, H-35). */
export function isPermanent(code: ErrorCode): boolean {
  const { status } = ERROR_CODES[code]
  return status < 500 && status !== 429 && status !== 408
}
