/** Segments by their ids, each with the segments that its condition names. */
export type SegmentGraph = ReadonlyMap<string, readonly string[]>

/**
 * The order in which segments are refreshed: those that others name first.
 * @returns undefined where segments name each other in a circle
 */
export function refreshOrder(graph: SegmentGraph): string[] | undefined {
  const order: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (id: string): boolean => {
    if (state.get(id) === 'done') return true
    if (state.get(id) === 'open') return false
    state.set(id, 'open')
    for (const named of graph.get(id) ?? []) if (graph.has(named) && !visit(named)) return false
    state.set(id, 'done')
    order.push(id)
    return true
  }
  for (const id of graph.keys()) if (!visit(id)) return undefined
  return order
}
