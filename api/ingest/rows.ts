/** Rows that ingest reads and writes, as the one door to them defines them (H-10). */
import type { UnitOfWork } from '#db/unit-of-work'

export type IngestRepositories = Parameters<Parameters<UnitOfWork['withIngest']>[0]>[0]

type Row<F> = F extends (rows: readonly (infer R)[]) => unknown ? R : never
type Answer<F> = F extends (...args: never[]) => Promise<(infer R)[]> ? R : never

export type StreamCursor = Row<IngestRepositories['cursors']['save']>
export type IngestDevice = Answer<IngestRepositories['registry']['load']>
export type IngestRoute = Answer<IngestRepositories['registry']['resolve']>
export type RouteQuery = Row<IngestRepositories['registry']['resolve']>
export type DeviceKey = Row<IngestRepositories['registry']['load']>
export type ReadingRow = Row<IngestRepositories['readings']['insert']>
export type ReadingVerdict = ReadingRow['verdict']
export type FrameIdentity = Row<IngestRepositories['readings']['find']>
export type StoredFrame = Answer<IngestRepositories['readings']['find']>
export type RepeatCount = Row<IngestRepositories['readings']['countRepeats']>
export type DeviceEventRow = Row<IngestRepositories['events']['insert']>
export type DeviceSeen = Row<IngestRepositories['receptions']['touchDevices']>
export type Reception = Row<IngestRepositories['receptions']['recordPairs']>
export type OutboxEntry = Row<IngestRepositories['outbox']['put']>
export type DeadLetterRow = Row<IngestRepositories['deadLetters']['insert']>
export type OrphanSighting = Row<IngestRepositories['orphans']['record']>
export type OrphanFrame = OrphanSighting['frames'][number]
export type OrphanKey = Row<IngestRepositories['orphans']['known']>
export type ForeignDevice = Row<IngestRepositories['drift']['recordForeign']>
