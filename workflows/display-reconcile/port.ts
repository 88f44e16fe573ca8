/** What the reconcile pass needs done (H-03); `activities/reconcile` does it. */

export interface ReconcileResult {
  readonly nudged: number
}

/** Moves each light's `next_reconcile_at` on before it is nudged; a nudge of a busy light changes nothing. */
export interface ReconcilePort {
  reconcileDisplays(): Promise<ReconcileResult>
}
