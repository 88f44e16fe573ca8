/** Which channels exist and what reading one needs (API-870 to API-879). */

const SUBJECT_BY_CHANNEL = new Map([
  ['spaces', 'Space'],
  ['devices', 'Device'],
  ['gateways', 'Gateway'],
  ['reservations', 'Reservation'],
  ['downlinks', 'Downlink'],
  ['alerts', 'Alert'],
  ['metrics', 'Dashboard'],
  ['jobs', 'Job'],
  ['activity', 'Dashboard'],
])

/** `spaces:<site_id>` and `space:<space_id>`; ids in the one spelling that events carry (D-21). */
const CHANNEL_OF_ROW = /^(?:spaces|space):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Types that reach every socket of the tenant without a subscription (API-879). */
const UNASKED_TYPES: ReadonlySet<string> = new Set(['rules:changed', 'tenant:notice'])

/** `names: 'row'`: the channel is one site's or space's, so that its visibility must be asked as well. */
export interface Channel {
  readonly name: string
  readonly subject: string
  readonly names: 'collection' | 'row'
}

/** The channel of that name, or null when there is none. Ids are accepted in any case. */
export function parseChannel(text: string): Channel | null {
  const subject = SUBJECT_BY_CHANNEL.get(text)
  if (subject !== undefined) return { name: text, subject, names: 'collection' }
  const name = text.toLowerCase()
  return CHANNEL_OF_ROW.test(name) ? { name, subject: 'Space', names: 'row' } : null
}

export function isUnasked(type: string): boolean {
  return UNASKED_TYPES.has(type)
}

/** The bounded label of a channel in metrics: never an id (OPS-171). */
export function channelFamily(channel: string | null): string {
  if (channel === null) return 'notice'
  const colon = channel.indexOf(':')
  return colon === -1 ? channel : channel.slice(0, colon)
}
