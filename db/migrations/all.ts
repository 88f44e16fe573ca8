/** Every migration in the order it runs; `db:new` adds to it, a test compares it with the folder. */
import { Foundation1795500000000 } from './1795500000000-foundation'
import { Partitions1795500001000 } from './1795500001000-partitions'
import { TenantsAndPeople1795500002000 } from './1795500002000-tenants-and-people'
import { Places1795500003000 } from './1795500003000-places'
import { Devices1795500004000 } from './1795500004000-devices'
import { Gateways1795500004500 } from './1795500004500-gateways'
import { Facts1795500005000 } from './1795500005000-facts'
import { Lights1795500006000 } from './1795500006000-lights'
import { NetworkServer1795500007000 } from './1795500007000-network-server'
import { OutboxAndAudit1795500008000 } from './1795500008000-outbox-and-audit'
import { LookupFunctions1795500009000 } from './1795500009000-lookup-functions'
import { RateLimitFunctions1795500010000 } from './1795500010000-rate-limit-functions'
import { DeviceViews1795500011000 } from './1795500011000-device-views'

export const MIGRATIONS = [
  Foundation1795500000000,
  Partitions1795500001000,
  TenantsAndPeople1795500002000,
  Places1795500003000,
  Devices1795500004000,
  Gateways1795500004500,
  Facts1795500005000,
  Lights1795500006000,
  NetworkServer1795500007000,
  OutboxAndAudit1795500008000,
  LookupFunctions1795500009000,
  RateLimitFunctions1795500010000,
  DeviceViews1795500011000,
] as const
