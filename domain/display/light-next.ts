/** What a light's delivery does next: the whole order of work of one light, as one pure question (DOM-602, 605, 617, 622, 623, 626, 632, 649). */
import type { Instant } from '../shared/instant'
import { isNewerWanted, type Command, type CommandKind, type CommandOrigin, type Light, type Proving, type WaitingFor } from './light'

export interface OpenStep {
  readonly kind: 'open'
  readonly command: CommandKind
  readonly origin: CommandOrigin
  /** The command that it replaces, queued or given up at the network server. */
  readonly supersedes: Command | null
  /** Given when a person waits for the answer (`resend`). */
  readonly commandId: string | null
}

export interface WaitStep {
  readonly kind: 'wait'
  /** Null: until something is heard. */
  readonly until: Instant | null
  /** In plain words, for the timer's summary. */
  readonly why: string
}

export type Step =
  | OpenStep
  | WaitStep
  | { readonly kind: 'end' }
  | { readonly kind: 'load' }
  | { readonly kind: 'budget'; readonly command: Command }
  | { readonly kind: 'enqueue'; readonly command: Command }
  | { readonly kind: 'inspect'; readonly command: Command }
  | { readonly kind: 'give_up_proof' }

const wait = (until: Instant | null, why: string): WaitStep => ({ kind: 'wait', until, why })

export function nextStep(light: Light, now: Instant): Step {
  if (light.gone) return { kind: 'end' }
  if (light.profile === null) return { kind: 'load' }
  if (light.joinedAt !== null) return awaitFirstUp(light, now)
  if (light.command === null) return nextWish(light, now)
  if (light.command.phase === 'sent') return nextOfSent(light, light.command, now)
  return nextOfQueued(light, light.command, now)
}

/** A class-C light takes nothing before its first uplink after a join (LW-Q16); lights without reports are looked up. */
function awaitFirstUp(light: Light, now: Instant): Step {
  if (light.lookForUpAt !== null && light.lookForUpAt <= now) return { kind: 'load' }
  return wait(light.lookForUpAt, 'first uplink after the join')
}

const openDisplay = (light: Light, supersedes: Command | null): OpenStep => ({
  kind: 'open',
  command: 'display',
  origin: isNewerWanted(light) ? 'policy' : (light.forced?.origin ?? 'policy'),
  supersedes,
  commandId: light.forced?.commandId ?? null,
})

const openOwn = (command: 'setup' | 'request_status'): OpenStep => ({
  kind: 'open',
  command,
  origin: 'setup',
  supersedes: null,
  commandId: null,
})

const isWished = (light: Light) => isNewerWanted(light) || light.forced !== null

function nextWish(light: Light, now: Instant): Step {
  if (isWished(light)) return openDisplay(light, null)
  if (light.setUpDue) return openOwn('setup')
  if (light.proving !== null && light.proving.deadline !== null) return nextOfProving(light.proving, light.proving.deadline, now)
  return nextOfIdle(light, now)
}

function nextOfProving({ asked }: Proving, deadline: Instant, now: Instant): Step {
  if (deadline > now) return wait(deadline, 'the light to report')
  return asked ? { kind: 'give_up_proof' } : openOwn('request_status')
}

function nextOfIdle(light: Light, now: Instant): Step {
  if (light.profile?.assigned === false) return { kind: 'end' }
  if (light.refreshAt !== null && light.refreshAt <= now) return { ...openDisplay(light, null), origin: 'reconcile' }
  return wait(light.refreshAt, 'the next refresh')
}

const waitingText: Readonly<Record<WaitingFor, string>> = {
  network_server: 'the network server',
  gateway: 'a gateway',
  budget: 'the airtime budget',
  dwell: 'the dwell time',
}

function nextOfQueued(light: Light, command: Command, now: Instant): Step {
  if (command.kind === 'display' ? isNewerWanted(light) || light.forced !== null : isWished(light)) return openDisplay(light, command)
  if (command.notBefore > now)
    return wait(command.notBefore, command.waitingFor === null ? 'the next attempt' : waitingText[command.waitingFor])
  return command.phase === 'queued' ? { kind: 'budget', command } : { kind: 'enqueue', command }
}

/**
 * One outstanding item: a newer display waits until it is settled or the in-flight wait is over (DOM-605). A repeat after
 * the class-C lock goes before everything else, since the item that it repeats may never have been on air (DOM-627).
 */
function nextOfSent(light: Light, command: Command, now: Instant): Step {
  const lookAgainAt = command.lookAgainAt ?? now
  if (command.repeat === 'armed')
    return lookAgainAt > now ? wait(lookAgainAt, 'the lock before the second copy') : { kind: 'enqueue', command }
  if (isWished(light)) {
    const flushAt = (command.sentAt ?? now) + (light.profile?.inflightWaitMs ?? 0)
    return flushAt > now ? wait(flushAt, 'the item on its way') : openDisplay(light, command)
  }
  return lookAgainAt > now ? wait(lookAgainAt, 'the gateway to take it') : { kind: 'inspect', command }
}
