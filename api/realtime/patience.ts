/** How long a state may last, counted from the first look that sees it (API-895). */
import type { Instant } from '#domain/shared/instant'

export class Patience {
  private since: Instant | null = null

  constructor(private readonly milliseconds: number) {}

  /** Whether the state has been seen by every look for longer than that. */
  isOver(isLasting: boolean, now: Instant): boolean {
    this.since = isLasting ? (this.since ?? now) : null
    return this.since !== null && now - this.since > this.milliseconds
  }

  /** What lasts from now on is another one. */
  restart(): void {
    this.since = null
  }
}
