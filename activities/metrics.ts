/** What operators count of lights and the network server; labels are closed sets (H-62, OPS § 6.3 "Lights"). */

interface Counted<L extends string> {
  inc(labels: Readonly<Record<L, string>>): void
}

interface Timed<L extends string> {
  observe(labels: Readonly<Record<L, string>>, seconds: number): void
}

/** The part of the process's metrics that effects write; prom-client's own objects fit it. */
export interface ActivityMetrics {
  readonly downlinkCommands: Counted<'result'>
  readonly downlinkLatency: Timed<'stage'>
  readonly downlinkRetries: Counted<'reason'>
  readonly downlinkRateLimited: Counted<'limit'>
  readonly chirpstackUp: { set(value: number): void }
}

/** Counts nothing. */
export const NO_METRICS: ActivityMetrics = {
  downlinkCommands: { inc: () => undefined },
  downlinkLatency: { observe: () => undefined },
  downlinkRetries: { inc: () => undefined },
  downlinkRateLimited: { inc: () => undefined },
  chirpstackUp: { set: () => undefined },
}
