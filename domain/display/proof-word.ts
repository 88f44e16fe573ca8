/** How sure we are of what a light shows, in the one word that people see (DOM-634, D-61). No word calls a transmission delivered. */

/** `shown` of `display_state_cache.proof`. */
export type Proof = 'none' | 'transmitted' | 'acked' | 'reported'

export type ProofWord = 'proved' | 'drifted' | 'pending' | 'unverified'

export interface ShownDisplay {
  readonly proof: Proof
  /** What the light reported equals what it should show; false when it never reported. */
  readonly isAsWanted: boolean
  /** A command is `queued` or `sent`, or a newer version is wanted than was sent. */
  readonly hasOpenCommand: boolean
}

/** Only the light's own report proves or disproves; a command on its way makes any older report history. */
export function proofWord({ proof, isAsWanted, hasOpenCommand }: ShownDisplay): ProofWord {
  if (hasOpenCommand) return 'pending'
  if (proof !== 'reported') return 'unverified'
  return isAsWanted ? 'proved' : 'drifted'
}
