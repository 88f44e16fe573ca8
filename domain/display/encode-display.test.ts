import { encodeDisplay, type DisplayConfig, type WantedDisplay } from './encode-display'
import { DEFAULT_POLICY_BODY, SITUATIONS, type Situation } from './policy'

const wanted = (situation: Situation, changes: Partial<WantedDisplay> = {}): WantedDisplay => {
  const { color, pattern, brightness_percent } = DEFAULT_POLICY_BODY.looks[situation]
  return { situation, color, pattern, brightnessPercent: brightness_percent, blinkPeriodMs: 500, ...changes }
}
const busylight = (display: WantedDisplay, config: DisplayConfig = {}) =>
  encodeDisplay({ wanted: display, model: 'plenom-busylight', config })

/** DOM-320: the published vectors of the default policy. */
const VECTORS: Readonly<Record<Situation, string>> = {
  free: '0000FFFF00',
  occupied: 'FF0000FF00',
  reserved: '00FF003232',
  reserved_soon: '00FF006464',
  out_of_service: 'FF00A5FF00',
  blocked: 'FF00A5FF00',
  unknown: 'FF00FF6464',
  error: 'FF00001414',
}

describe('encodeDisplay', () => {
  it.each(SITUATIONS)('DOM-320: a Busylight shows %s', (situation) => {
    expect(busylight(wanted(situation))).toEqual({ fPort: 15, bytes: VECTORS[situation], confirmed: false, warnings: [] })
  })

  it('DOM-320: red at 60 %', () => expect(busylight(wanted('occupied', { brightnessPercent: 60 }))).toMatchObject({ bytes: '990000FF00' }))

  it('DOM-321: a sixth byte asks for the status', () =>
    expect(busylight(wanted('occupied'), { ask_status: true })).toMatchObject({ bytes: 'FF0000FF0001' }))

  it('DOM-305: the phase of blink is the one of the policy', () =>
    expect(busylight(wanted('reserved', { blinkPeriodMs: 250 }))).toMatchObject({ bytes: '00FF001919' }))

  it('LW-058: confirmed only if the device says so', () =>
    expect(busylight(wanted('free'), { confirmed_downlinks: true })).toMatchObject({ confirmed: true }))

  it('DOM-322: a heltec-rgb takes three bytes and shows a blink solid, with a warning', () => {
    const heltec = (situation: Situation) => encodeDisplay({ wanted: wanted(situation), model: 'heltec-rgb', config: { fport: 7 } })
    expect(heltec('free')).toEqual({ fPort: 7, bytes: '00FF00', confirmed: false, warnings: [] })
    expect(heltec('reserved')).toMatchObject({ bytes: '0000FF', warnings: ['pattern_unsupported'] })
  })

  it('DOM-323: codes of the device win, by situation and else by the V5 state name', () => {
    const config = {
      fport: 10,
      confirmed_downlinks: true,
      display_codes: { reserved_soon: '0a', RESERVED: '0b', MAINTENANCE: '0c', FREE: 'xyz' },
    }
    const coded = (situation: Situation, model: string | null = 'some-light') => encodeDisplay({ wanted: wanted(situation), model, config })
    expect(coded('reserved_soon')).toEqual({ fPort: 10, bytes: '0A', confirmed: true, warnings: [] })
    expect(coded('reserved')).toMatchObject({ bytes: '0B' })
    expect(coded('blocked', null)).toMatchObject({ bytes: '0C' })
    expect(coded('occupied')).toMatchObject({ none: 'no_encoder' })
    expect(coded('free')).toMatchObject({ none: 'no_encoder' })
    expect(coded('free', 'plenom-busylight')).toMatchObject({ fPort: 15, bytes: '0000FFFF00' })
  })

  it('DOM-325: no encoder and no codes, no command', () => {
    expect(encodeDisplay({ wanted: wanted('free'), model: 'some-light' })).toMatchObject({ none: 'no_encoder' })
    expect(encodeDisplay({ wanted: wanted('free'), model: null })).toMatchObject({ none: 'no_encoder' })
    expect(encodeDisplay({ wanted: wanted('free'), model: 'browan-tbms100' })).toMatchObject({ none: 'no_encoder' })
  })
})
