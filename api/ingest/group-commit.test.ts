/** Messages wait for the commit that they are in, and for no other (DOM-907, Q-TRP-41). */
import { createGroupCommit } from './group-commit'

/** A commit that ends when the test says so. */
function createGate() {
  const batches: number[][] = []
  const gates: { open: () => void; fail: (error: Error) => void }[] = []
  const commit = (items: readonly number[]) =>
    new Promise<void>((resolve, reject) => {
      batches.push([...items])
      gates.push({ open: resolve, fail: reject })
    })
  return { batches, gates, commit }
}

const turns = async (count = 5) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

test('D-70: nobody is answered before the commit of the own batch', async () => {
  const { batches, gates, commit } = createGate()
  const group = createGroupCommit({ commit, lingerMs: 0, maxItems: 2 })
  const answered: number[] = []
  for (const item of [1, 2, 3]) void group.add(item).then(() => answered.push(item))
  await turns()
  expect(batches).toEqual([[1, 2]])
  expect(answered).toEqual([])
  gates[0]?.open()
  while (batches.length < 2) await turns()
  expect(answered).toEqual([1, 2])
  expect(batches).toEqual([[1, 2], [3]])
  gates[1]?.open()
  await group.idle()
  expect(answered).toEqual([1, 2, 3])
})

test('DOM-907: a batch that cannot commit answers its own members alone', async () => {
  const { gates, batches, commit } = createGate()
  const group = createGroupCommit({ commit, lingerMs: 0, maxItems: 1 })
  const first = group.add(1)
  const second = group.add(2)
  await turns()
  gates[0]?.fail(new Error('away'))
  await expect(first).rejects.toThrow('away')
  while (batches.length < 2) await turns()
  gates[1]?.open()
  await expect(second).resolves.toBeUndefined()
})

test('DOM-907: never more than 256 messages in a batch', async () => {
  const sizes: number[] = []
  const group = createGroupCommit({ commit: (items: readonly number[]) => Promise.resolve(void sizes.push(items.length)) })
  await Promise.all(Array.from({ length: 600 }, (_, item) => group.add(item)))
  expect(sizes).toEqual([256, 256, 88])
})
