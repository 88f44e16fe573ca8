/** Who is connected to this process, by tenant: an event is handed to its own tenant's sockets and to platform scope, nobody else. */
import type { Connection } from './connection'
import type { EventFrame } from './event-frame'
import { channelFamily } from './channels'
import { scopeOf } from './frames'

export class Hub {
  private readonly byTenant = new Map<string, Set<Connection>>()
  private readonly platform = new Set<Connection>()
  private readonly newest = new Map<string, string>()

  add(connection: Connection): void {
    if (scopeOf(connection.principal) === 'platform') {
      this.platform.add(connection)
      return
    }
    const { tenantId } = connection.principal
    const sockets = this.byTenant.get(tenantId) ?? new Set()
    this.byTenant.set(tenantId, sockets.add(connection))
  }

  /** Idempotent. The tenant's newest position goes with its last socket: it is kept for them alone. */
  remove(connection: Connection): void {
    this.platform.delete(connection)
    const { tenantId } = connection.principal
    const sockets = this.byTenant.get(tenantId)
    if (!sockets?.delete(connection) || sockets.size > 0) return
    this.byTenant.delete(tenantId)
    this.newest.delete(tenantId)
  }

  all(): Connection[] {
    return [...this.platform, ...[...this.byTenant.values()].flatMap((sockets) => [...sockets])]
  }

  get size(): number {
    return [...this.byTenant.values()].reduce((sum, sockets) => sum + sockets.size, this.platform.size)
  }

  /** The newest position heard live for the tenant, null before the first. */
  cursorOf(tenantId: string): string | null {
    return this.newest.get(tenantId) ?? null
  }

  /** Answers how many frames went out, by family of channel. */
  publish(frame: EventFrame): ReadonlyMap<string, number> {
    const sent = new Map<string, number>()
    const { tenantId } = frame.event
    const sockets = this.byTenant.get(tenantId)
    if (sockets) this.newest.set(tenantId, frame.cursor)
    for (const group of [sockets ?? [], this.platform]) {
      for (const connection of group) count(sent, connection.deliver(frame))
    }
    return sent
  }
}

function count(sent: Map<string, number>, channel: string | null | undefined): void {
  if (channel === undefined) return
  const family = channelFamily(channel)
  sent.set(family, (sent.get(family) ?? 0) + 1)
}
