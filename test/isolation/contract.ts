/** The lists of `docs/spec/schema.md` that *exactly* refers to: whole, also where nothing is built yet (see `db/not-built-yet.ts`). */

/** § 6, tables with a tenant. */
export const TENANT_TABLES = `
  user_memberships invitations refresh_tokens api_keys api_key_usage idempotency_keys tenant_switches saved_views calendar_feeds notifications
  sites site_plans spaces site_occupancy space_overrides
  devices device_keys device_assignments device_lifecycle_events sensor_debounce_state transition_notices device_gateways orphan_devices gateways
  gateway_status_changes
  sensor_readings device_events ingest_dead_letters parking_sessions state_changes reservations reservation_series waitlist_entries
  display_policies display_policy_versions display_state_cache downlink_queue downlink_attempts
  chirpstack_links chirpstack_applications chirpstack_sync chirpstack_drift chirpstack_sync_runs
  webhook_secrets webhook_endpoints webhook_deliveries outbox
  jobs job_items reports report_runs alerts metrics_snapshot audit_log`
  .trim()
  .split(/\s+/)

/** DB-134, and the two that DB-902 names beside them; `tenant_shards` has a tenant and is global all the same. */
export const GLOBAL_TABLES =
  'platform_settings job_runs backup_runs rate_limit_state listener_leases tenant_shards user_tokens migrations tenants users'.split(' ')

/** DB-104. */
export const GLOBAL_KEYS =
  'devices.dev_eui users.email tenants.slug user_tokens.token_hash invitations.token_hash refresh_tokens.token_hash api_keys.key_id api_keys.secret_hash calendar_feeds.token_hash chirpstack_applications.application_id'.split(
    ' ',
  )

/** § 4, with who owns each; `writes` = not `stable`. */
export const DEFINER_FUNCTIONS: Readonly<Record<string, { readonly owner: 'parking_lookup' | 'parking_owner'; readonly writes?: true }>> = {
  auth_find_login: { owner: 'parking_lookup' },
  auth_memberships: { owner: 'parking_lookup' },
  auth_principal: { owner: 'parking_lookup' },
  auth_find_api_key: { owner: 'parking_lookup' },
  auth_find_api_key_by_hash: { owner: 'parking_lookup' },
  auth_legacy_api_keys: { owner: 'parking_lookup' },
  auth_find_refresh_token: { owner: 'parking_lookup' },
  auth_find_link: { owner: 'parking_lookup' },
  auth_use_link: { owner: 'parking_lookup', writes: true },
  auth_set_password: { owner: 'parking_lookup', writes: true },
  calendar_find_feed: { owner: 'parking_lookup' },
  ingest_resolve: { owner: 'parking_lookup' },
  webhook_find_secrets: { owner: 'parking_lookup' },
  device_eui_in_use: { owner: 'parking_lookup' },
  job_active_tenants: { owner: 'parking_lookup' },
  job_due_spaces: { owner: 'parking_lookup' },
  job_due_reservations: { owner: 'parking_lookup' },
  job_pending_outbox: { owner: 'parking_lookup' },
  job_rows_needing_workflow: { owner: 'parking_lookup' },
  job_due_deliveries: { owner: 'parking_lookup' },
  metrics_counts: { owner: 'parking_lookup' },
  rate_limit_take: { owner: 'parking_lookup', writes: true },
  rate_limit_return: { owner: 'parking_lookup', writes: true },
  rate_limit_peek: { owner: 'parking_lookup' },
  rate_limit_reset: { owner: 'parking_lookup', writes: true },
  ops_ensure_partitions: { owner: 'parking_owner', writes: true },
  ops_drop_partitions: { owner: 'parking_owner', writes: true },
  ops_retention_batch: { owner: 'parking_owner', writes: true },
  ops_erase_batch: { owner: 'parking_owner', writes: true },
}

/** § 2. */
export const ROLES = 'parking_owner parking_app parking_platform parking_ingest parking_lookup parking_dump'.split(' ')

/** DB-122. */
export const PLATFORM_WRITES =
  'tenants users user_memberships invitations devices device_assignments device_lifecycle_events orphan_devices chirpstack_links chirpstack_applications chirpstack_drift tenant_switches platform_settings jobs job_items alerts notifications outbox idempotency_keys'.split(
    ' ',
  )
export const PLATFORM_NEVER = ['user_tokens', 'device_keys']

/** DB-123: `table` → rights; a right on columns names them. */
export const INGEST_RIGHTS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    'sensor_readings device_events sensor_debounce_state device_gateways orphan_devices ingest_dead_letters chirpstack_drift outbox'
      .split(' ')
      .map((table) => [table, ['INSERT', 'SELECT', 'UPDATE']]),
  ),
  devices: ['SELECT', 'UPDATE (battery_percent, battery_volts, last_seen_at)'],
  gateways: ['SELECT', 'UPDATE (last_seen_at)'],
}

/** DB-124: where `parking_lookup` may write. */
export const LOOKUP_WRITES = ['invitations', 'rate_limit_state', 'user_tokens', 'users']

/** DB-101. */
export const KEPT_INDEXES =
  'idx_sites_tenant idx_spaces_tenant idx_spaces_site idx_sensor_devices_tenant idx_sensor_devices_space idx_gateways_tenant idx_reservations_tenant idx_reservations_time'.split(
    ' ',
  )
