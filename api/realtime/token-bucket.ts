/** A budget of messages: so many a second, with a burst (API-891). */
import type { Instant } from '#domain/shared/instant'

export class TokenBucket {
  private tokens: number

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private refilledAt: Instant,
  ) {
    this.tokens = burst
  }

  /** Takes one token; false when there is none. */
  take(now: Instant): boolean {
    const earned = (Math.max(0, now - this.refilledAt) / 1000) * this.perSecond
    this.tokens = Math.min(this.burst, this.tokens + earned)
    this.refilledAt = now
    if (this.tokens < 1) return false
    this.tokens -= 1
    return true
  }
}
