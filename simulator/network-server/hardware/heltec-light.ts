/** A Heltec board with an RGB light: shows three bytes, says only that it is alive (LW-221, LW-248). */
import { decodeDownlink } from '#domain/codec/registry'
import type { BehaviourFactory } from './behaviour'
import { lookText } from './busylight'

const ALIVE_EVERY_MS = 30 * 60_000
const STEADY = { on: 255, off: 0 }

export const createHeltecLight: BehaviourFactory = (context) => {
  function tellAlive(): void {
    context.send({ fPort: 1, bytes: Uint8Array.of(1) })
    context.later(ALIVE_EVERY_MS, tellAlive)
  }

  context.show(lookText({ color: { r: 0, g: 0, b: 0 }, ...STEADY }), null)
  context.later(context.draws.integer([context.device.devEui, 'first frame'], 1_000, 3_000), tellAlive)
  return {
    receive: ({ fPort, data, queueItemId }) => {
      const command = decodeDownlink('heltec-rgb', { fPort, bytes: data })
      if (command?.type === 'color') context.show(lookText({ color: command.color, ...STEADY }), queueItemId)
    },
  }
}
