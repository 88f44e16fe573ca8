/** Who goes first when airtime or rate is scarce (DOM-647): 1 a person's commands … 5 what can wait longest. */
import type { Situation } from './policy'

export type PriorityClass = 1 | 2 | 3 | 4 | 5

const CLASS_OF_SITUATION: Readonly<Record<Situation, PriorityClass>> = {
  out_of_service: 2,
  blocked: 2,
  occupied: 2,
  free: 2,
  reserved: 3,
  reserved_soon: 4,
  unknown: 5,
  error: 5,
}

/** The class of what a light shall show; reconciling and rolling out a policy are class 5 whatever they show. */
export const priorityClassOf = (situation: Situation): PriorityClass => CLASS_OF_SITUATION[situation]

const CLASSES: readonly PriorityClass[] = [1, 2, 3, 4, 5]

/** The API's `priority` 1–10, two to a class; beyond the ends counts as the end. */
export const classOfPriority = (priority: number): PriorityClass => CLASSES[Math.ceil(priority / 2) - 1] ?? (priority < 1 ? 1 : 5)

/** Of a budget, what this class leaves to more urgent ones. */
const RESERVE: Readonly<Record<PriorityClass, number>> = { 1: 0, 2: 0, 3: 0.1, 4: 0.3, 5: 0.3 }

export const reserveShareOf = (priorityClass: PriorityClass): number => RESERVE[priorityClass]
