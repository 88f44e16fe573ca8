import { uuidV7 } from './uuid'

describe('uuidV7', () => {
  test('D-21: carries version, variant and the time it was made', () => {
    const id = uuidV7(Date.parse('2026-07-01T09:34:15.775Z'))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(Date.parse('2026-07-01T09:34:15.775Z'))
  })

  test('D-21: does not repeat across refills of the random pool', () => {
    const ids = new Set(Array.from({ length: 5000 }, () => uuidV7(0)))
    expect(ids.size).toBe(5000)
  })
})
