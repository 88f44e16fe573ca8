/** Changes of command order that a replay must notice: two commands swapped, a timer removed, an activity inserted (Q-WFE-04). */

export interface Mutant {
  readonly workflow: string
  readonly name: string
  readonly file: string
  /** Text of the source; the test fails when it is gone, so that a mutant cannot die unnoticed. */
  readonly from: string
  readonly to: string
}

const STEPS = 'steps.ts'
const WORKFLOW = 'workflow.ts'

export const MUTANTS: readonly Mutant[] = [
  {
    workflow: 'space-occupancy',
    name: 'commands swapped',
    file: WORKFLOW,
    from: '  const result = await project(bay, input, isNews)\n',
    to: '    await tellDisplay({ tenantId: input.tenantId, deviceId: "", version: 0 })\n  const result = await project(bay, input, isNews)\n  bay.handedVersion = Infinity\n',
  },
  {
    workflow: 'space-occupancy',
    name: 'timer removed',
    file: WORKFLOW,
    from: '  if (bay.nextExact !== null) return untilBoundary(bay, bay.nextExact)\n',
    to: '',
  },
  {
    workflow: 'space-occupancy',
    name: 'activity inserted',
    file: WORKFLOW,
    from: '  await handOver(bay, input, result)\n',
    to: '  await handOver(bay, input, result)\n  await projectSpace({ tenantId: input.tenantId, spaceId: input.spaceId, cause: "system" })\n',
  },
  {
    workflow: 'display-delivery',
    name: 'commands swapped',
    file: STEPS,
    from: '      return open(delivery, step)\n',
    to: '      return load(delivery).then(() => open(delivery, step))\n',
  },
  {
    workflow: 'display-delivery',
    name: 'timer removed',
    file: WORKFLOW,
    from: '  if (until === null) return condition(isTold)\n',
    to: '  if (until !== 0) return condition(isTold)\n',
  },
  {
    workflow: 'display-delivery',
    name: 'activity inserted',
    file: STEPS,
    from: '  delivery.light = enqueueing(delivery.light, command)\n',
    to: '  delivery.light = enqueueing(delivery.light, command)\n  await rows.loadWanted(delivery.display)\n',
  },
  ...loopMutants('minute-sweep', "    await condition(() => state.asked, PAUSE, { summary: 'next minute' })\n", 'sweepDue'),
  ...loopMutants('outbox-relay', "    await sleep(PAUSE, { summary: 'next pass' })\n", 'drainOutbox'),
  ...loopMutants('gateway-watch', "    await sleep(PAUSE, { summary: 'next look' })\n", 'tellDisplays'),
  {
    workflow: 'display-reconcile',
    name: 'activity inserted',
    file: WORKFLOW,
    from: '  const result = ',
    to: '  await reconcileDisplays()\n  const result = ',
  },
]

/** A loop's pause before its work, without its pause, and with its work done twice. */
function loopMutants(workflow: string, pause: string, activity: string): Mutant[] {
  const change = (name: string, from: string, to: string): Mutant => ({ workflow, name, file: WORKFLOW, from, to })
  return [
    change('commands swapped', '  for (;;) {\n', `  for (;;) {\n${pause}`),
    change('timer removed', pause, ''),
    change('activity inserted', pause, `    await ${activity}({ changed: [], linkBackFor: null })\n${pause}`),
  ]
}
