/** Models that the simulated network server plays; sensors of other models are heard only when somebody sends for them. */
export const SIMULATED_MODELS: ReadonlySet<string> = new Set([
  'browan-tbms100',
  'bosch-tps110',
  'nwave-nps405',
  'dingtek-do201',
  'milesight-em400-mud',
  'plenom-busylight',
  'heltec-rgb',
])
