/** What the minute sweep needs done (H-03); `activities/sweep` does it. */

export interface SweepResult {
  /** Bays whose answer was due to be looked at again. */
  readonly projected: number
  /** Of these, bays whose exact timer should have been first (WF-200); the normal count is 0. */
  readonly late: number
  readonly silentDisplays: number
}

/** Each bay in its own short transaction; a repeat finds nothing due. */
export interface SweepPort {
  sweepDue(): Promise<SweepResult>
}
