/** Somebody who may be given a task, with how many they have open. */
export interface Candidate {
  id: string
  open: number
}

/** Gives so many tasks one by one to whom has the fewest, those given meanwhile counted; equals in the order of ids. */
export function byLoad(candidates: readonly Candidate[], count: number): string[] {
  const loads = candidates.map(candidate => ({ ...candidate }))
  return Array.from({ length: loads.length > 0 ? count : 0 }, () => {
    const chosen = loads.reduce((least, each) => (each.open < least.open ? each : least))
    chosen.open += 1
    return chosen.id
  })
}
