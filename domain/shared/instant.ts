/** Instants inside the domain: milliseconds since the epoch, UTC. The wire and the database use ISO 8601 and timestamptz (D-20). */
export type Instant = number

/** `2026-07-01T09:34:15.775Z`, the only spelling of an instant that leaves the product. */
export const toIso = (instant: Instant): string => new Date(instant).toISOString()
