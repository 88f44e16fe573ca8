/** What the sockets are told of a light and its commands, made from rows inside the transaction, published after it (DOM-1011, DOM-1040). */
import type { CommandRow, DisplayStateRow } from '#domain/display/light-rows'
import type { Instant } from '#domain/shared/instant'
import type { FeedEvent } from '#domain/shared/outbox'
import { presentDownlinkUpdate, presentGatewayStatus, presentSpaceLight } from '../event-presenters'
import type { TenantTx } from '../tx'
import type { GatewayChange } from './gateway-state.repository'

const look = (color: string | null, pattern: string | null) => (color === null || pattern === null ? null : { color, pattern })

export function createLightFeedRepository({ tenantId }: TenantTx) {
  return {
    ofCommand: (command: CommandRow): FeedEvent =>
      presentDownlinkUpdate({
        tenantId,
        at: command.updatedAt,
        downlinkId: command.commandId,
        deviceId: command.deviceId,
        spaceId: command.spaceId,
        status: command.status,
        attempts: command.attempts,
        waitingFor: command.waitingFor,
        nextAttemptAt: command.nextAttemptAt,
        proof: command.proof,
      }),

    /** None for a light without a bay: nobody watches it. */
    ofLight(row: DisplayStateRow | null, about: { readonly downlinkId: string | null; readonly at: Instant }): FeedEvent[] {
      if (row?.spaceId == null || row.siteId === null) return []
      const event = presentSpaceLight({
        tenantId,
        at: about.at,
        spaceId: row.spaceId,
        siteId: row.siteId,
        deviceId: row.deviceId,
        version: row.wantedVersion,
        desired: look(row.wantedColor, row.wantedPattern),
        reported: look(row.shownColor, row.shownPattern),
        proof: row.proof,
        downlinkId: about.downlinkId,
      })
      return [event]
    },

    ofGateway: ({ gatewayRef, to, at }: GatewayChange, affectedSpaces: number): FeedEvent =>
      presentGatewayStatus({ tenantId, at, gatewayId: gatewayRef, status: to, since: at, affectedSpaces }),
  }
}
