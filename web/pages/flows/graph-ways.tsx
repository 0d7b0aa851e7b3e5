import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { AddStep } from './add-step.tsx'
import type { Place } from './graph-edits.ts'
import type { GraphEdits } from './graph-nodes.tsx'

type WayEdge = Edge<
  { label: string | undefined; count: number | undefined; place: Place; edits: GraphEdits | undefined },
  'way'
>

/** A way with its name, how many took it, and a button that puts a step on it. */
function WayLine({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data }: EdgeProps<WayEdge>) {
  const t = useText()
  const format = useFormat()
  const [path] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
    borderRadius: 8,
  })
  const words = [data?.label, data?.count !== undefined && format.number(data.count)].filter(Boolean).join(' ')
  return (
    <>
      <BaseEdge path={path} className="fl-way" />
      <EdgeLabelRenderer>
        <div
          className="fl-way-label nopan nodrag"
          // Where the way begins: what leads to the same step would lie on top of each other at its middle.
          style={{ transform: `translate(-50%, 6px) translate(${sourceX}px, ${sourceY}px)` }}
        >
          {words && <span title={words}>{words}</span>}
          {data?.edits && (
            <AddStep
              label={t('flows.addOnWay', { way: data.label ?? t('flows.way.next') })}
              onAdd={kind => data.edits?.insert(data.place, kind)}
            />
          )}
        </div>
      </EdgeLabelRenderer>
    </>
  )
}

export const edgeKinds = { way: WayLine }
