/** Locally one scrape shows every process: their texts joined family by family, as the format wants it (OPS-170). */

interface Family {
  readonly head: string[]
  readonly samples: string[]
}

const HEAD = /^# (?:HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*)/

/** The own text first; a process that does not answer in time is left out. */
export async function mergedMetrics(own: () => Promise<string>, urls: readonly string[]): Promise<string> {
  const others = await Promise.all(urls.map(fetchText))
  return joinFamilies([await own(), ...others])
}

const TIMEOUT_MS = 1_000

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    return response.ok ? await response.text() : ''
  } catch {
    return '' // a process that is starting or gone has nothing to show
  }
}

export function joinFamilies(texts: readonly string[]): string {
  const families = new Map<string, Family>()
  for (const text of texts) {
    let family: Family = { head: [], samples: [] }
    for (const line of text.split('\n')) {
      const name = HEAD.exec(line)?.[1]
      if (name === undefined) {
        if (line !== '') family.samples.push(line)
        continue
      }
      family = families.get(name) ?? { head: [], samples: [] }
      families.set(name, family)
      if (!family.head.includes(line)) family.head.push(line)
    }
  }
  return `${[...families.values()].flatMap(({ head, samples }) => [...head, ...samples]).join('\n')}\n`
}
