import { Patience } from './patience'

it('API-895: only what lasts at every look is too much, and what is restarted is counted anew', () => {
  const patience = new Patience(10)
  expect([patience.isOver(true, 1), patience.isOver(true, 11), patience.isOver(true, 12)]).toEqual([false, false, true])
  expect([patience.isOver(false, 13), patience.isOver(true, 14), patience.isOver(true, 24)]).toEqual([false, false, false])
  patience.restart()
  expect([patience.isOver(true, 25), patience.isOver(true, 35), patience.isOver(true, 36)]).toEqual([false, false, true])
})
