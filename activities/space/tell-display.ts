/** Hands a wanted version to the light's delivery, which ignores what it knows (WF-009). */
import type { SpaceTellPort } from '#workflows/space-occupancy/port'
import type { ActivityDeps } from '../deps'

export const createTellDisplay = ({ teller }: Pick<ActivityDeps, 'teller'>): SpaceTellPort['tellDisplay'] => teller.want
