/** What is wrong now: one open alert per kind and subject, opened and closed by its cause (DB-286, DOM-1085). */
import type { FeedEvent } from '#domain/shared/outbox'
import type { Instant } from '#domain/shared/instant'
import { presentAlert } from '../event-presenters'
import type { TenantTx } from '../tx'
import { epochMs } from './columns'

export interface AlertSubject {
  readonly kind: string
  readonly subjectId: string
}

export interface NewAlert extends AlertSubject {
  readonly severity: 'info' | 'warning' | 'critical'
  readonly subjectType: string
  readonly siteId: string | null
  readonly spaceId: string | null
  readonly deviceId: string | null
  readonly evidence: Readonly<Record<string, unknown>>
}

interface AlertRow {
  readonly alertId: string
  readonly kind: string
  readonly severity: string
  readonly subjectType: string
  readonly subjectId: string
  readonly siteId: string | null
  readonly spaceId: string | null
  readonly deviceId: string | null
  readonly openedAt: Instant
  readonly closedAt: Instant | null
  readonly evidence: Readonly<Record<string, unknown>>
}

const COLUMNS = `
  id as "alertId", kind, severity, subject_type as "subjectType", subject_id as "subjectId", site_id as "siteId", space_id as "spaceId",
  device_id as "deviceId", ${epochMs('opened_at')} as "openedAt", ${epochMs('closed_at')} as "closedAt", evidence`

const OPEN = `
  insert into alerts (tenant_id, severity, kind, subject_type, subject_id, site_id, space_id, device_id, evidence)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)
  on conflict (tenant_id, kind, subject_id) where closed_at is null do nothing returning ${COLUMNS}`

const CLOSE = `
  update alerts set closed_at = now() where tenant_id = $1 and kind = $2 and subject_id = $3 and closed_at is null returning ${COLUMNS}`

export function createAlertRepository(tx: TenantTx) {
  const toEvent = (event: 'opened' | 'closed', row: AlertRow): FeedEvent =>
    presentAlert({ ...row, event, tenantId: tx.tenantId, at: row.closedAt ?? row.openedAt })

  return {
    /** The event to publish after the commit; none when it is open already. */
    async open(alert: NewAlert): Promise<FeedEvent[]> {
      const { severity, kind, subjectType, subjectId, siteId, spaceId, deviceId, evidence } = alert
      const values = [tx.tenantId, severity, kind, subjectType, subjectId, siteId, spaceId, deviceId, JSON.stringify(evidence)]
      return (await tx.rows<AlertRow>(OPEN, values)).map((row) => toEvent('opened', row))
    },

    async close({ kind, subjectId }: AlertSubject): Promise<FeedEvent[]> {
      return (await tx.rows<AlertRow>(CLOSE, [tx.tenantId, kind, subjectId])).map((row) => toEvent('closed', row))
    },
  }
}
