import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import type { StepKind } from '../../../server/engage/flows/contract/steps.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Icon } from '../../kit/icon.tsx'
import { AddStep } from './add-step.tsx'
import type { Place } from './graph-edits.ts'
import { stepIcons } from './words.ts'

/** What can be done to a drawing. */
export interface GraphEdits {
  insert: (place: Place, kind: StepKind) => void
  connect: (place: Place, to: string | null) => void
  move: (id: string, to: { x: number; y: number }) => void
  remove: (ids: readonly string[]) => void
}

/** How many are at a step, came through, and left the flow there. */
export interface StepCounts {
  now: number
  failed: number
  passed: number
  left: number
  ways: ReadonlyMap<string, number>
}

type TriggersNode = Node<{ lines: string[]; isFaulty: boolean; entered?: string }, 'triggers'>
type StepNode = Node<
  { kind: StepKind; label: string; isFaulty: boolean; ways: readonly string[]; counts: StepCounts | undefined },
  'step'
>
type StubNode = Node<{ place: Place; edits: GraphEdits | undefined }, 'stub'>

function Triggers({ data }: NodeProps<TriggersNode>) {
  const t = useText()
  return (
    <div className="fl-node" data-kind="triggers" data-faulty={data.isFaulty || undefined}>
      <span className="fl-sign">
        <Icon name={data.isFaulty ? 'alert' : 'bolt'} />
      </span>
      <div>
        <small>
          {t('flows.triggers')}
          {data.entered !== undefined && <b>{data.entered}</b>}
        </small>
        <p>
          {data.lines[0]}
          {data.lines.length > 1 && <em>{t('flows.moreTriggers', { count: data.lines.length - 1 })}</em>}
        </p>
      </div>
      <Handle id="start" type="source" position={Position.Bottom} tabIndex={-1} />
    </div>
  )
}

function StepBox({ data: { kind, label, isFaulty, ways, counts } }: NodeProps<StepNode>) {
  const t = useText()
  const format = useFormat()
  return (
    <div className="fl-node" data-kind={kind} data-faulty={isFaulty || undefined}>
      <Handle type="target" position={Position.Top} tabIndex={-1} />
      <span className="fl-sign">
        <Icon name={isFaulty ? 'alert' : stepIcons[kind]} />
      </span>
      <div>
        <small>
          {t(`flows.step.${kind}`)}
          {counts && counts.now > 0 && <i>{t('flows.nowHere', { count: counts.now })}</i>}
          {counts && counts.failed > 0 && <i className="text-red">{t('flows.failedHere', { count: counts.failed })}</i>}
          {counts && <b title={t('flows.passedHere')}>{format.number(counts.passed)}</b>}
        </small>
        <p title={label}>{label}</p>
      </div>
      {ways.map((way, place) => (
        <Handle
          key={way}
          id={way}
          type="source"
          position={Position.Bottom}
          tabIndex={-1}
          style={{ left: `${((place + 0.5) / ways.length) * 100}%` }}
        />
      ))}
    </div>
  )
}

function Stub({ data: { place, edits } }: NodeProps<StubNode>) {
  const t = useText()
  return (
    <div className="fl-stub nopan nodrag">
      <Handle type="target" position={Position.Top} tabIndex={-1} isConnectable={false} />
      {edits ? (
        <AddStep label={t('flows.addHere')} onAdd={kind => edits.insert(place, kind)}>
          {t('flows.addStep')}
        </AddStep>
      ) : (
        <span>{t('flows.says.end')}</span>
      )}
    </div>
  )
}

export const nodeKinds = { triggers: Triggers, step: StepBox, stub: Stub }
