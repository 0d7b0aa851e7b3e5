import dagre from '@dagrejs/dagre'
import type { FlowDocument } from '../../../server/engage/flows/contract/document.ts'
import { waysOf } from '../../../server/engage/flows/contract/steps.ts'

/** Size of a node (px): the drawing is laid out before anything is on screen. */
export const nodeSize = { width: 264, height: 64 }
const stubSize = { width: 92, height: 28 }

/** The node of the triggers. */
export const triggerNode = ':triggers'
/** A way that ends the flow has a small node of its own, where a step can be put. */
const stubOf = (step: string, way: string) => `:end/${step}/${way}`

export interface DrawnWay {
  from: string
  way: string
  label: string | undefined
  to: string
  ends: boolean
}

/** Every way of the drawing, the way in first. */
export function drawnWays({ start, steps }: FlowDocument): DrawnWay[] {
  const known = new Set(steps.map(({ key }) => key))
  const way = (from: string, name: string, label: string | undefined, to: string | null): DrawnWay => {
    const ends = to === null || !known.has(to)
    return { from, way: name, label, to: ends ? stubOf(from, name) : to, ends }
  }
  return [
    way(triggerNode, 'start', undefined, start),
    ...steps.flatMap(step => waysOf(step).map(({ name, label, to }) => way(step.key, name, label, to))),
  ]
}

/** Where each node stands (px, upper left corner): as the document says, else as a layered drawing puts it. */
export function layOut(document: FlowDocument): Map<string, { x: number; y: number }> {
  const graph = new dagre.graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 56 })
  graph.setDefaultEdgeLabel(() => ({}))
  graph.setNode(triggerNode, { ...nodeSize })
  for (const { key } of document.steps) graph.setNode(key, { ...nodeSize })
  for (const { from, way, to, ends } of drawnWays(document)) {
    if (ends) graph.setNode(to, { ...stubSize })
    graph.setEdge(from, to, {}, way)
  }
  dagre.layout(graph)
  const own = document.position ?? {}
  const places = new Map<string, { x: number; y: number }>()
  for (const id of graph.nodes()) {
    const { x, y, width, height } = graph.node(id)
    places.set(id, own[id] ?? { x: x - width / 2, y: y - height / 2 })
  }
  // The stub of a step that was moved stays under it.
  for (const { from, to, ends } of drawnWays(document)) {
    const moved = own[from]
    if (!ends || !moved) continue
    const { x, y } = graph.node(from)
    const stub = graph.node(to)
    places.set(to, {
      x: moved.x + (stub.x - stub.width / 2) - (x - nodeSize.width / 2),
      y: moved.y + (stub.y - stub.height / 2) - (y - nodeSize.height / 2),
    })
  }
  return places
}
