import {
  Background,
  BackgroundVariant,
  Controls,
  type Edge,
  type Node,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useNodesState,
  useReactFlow,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useEffect, useMemo } from 'react'
import type { FlowDocument } from '../../../server/engage/flows/contract/document.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import './flows.css'
import { drawnWays, layOut, nodeSize, triggerNode } from './graph-layout.ts'
import { type GraphEdits, nodeKinds, type StepCounts } from './graph-nodes.tsx'
import { edgeKinds } from './graph-ways.tsx'
import { useSpeech } from './speech.ts'
import { stepWords, triggerWords, wayWords } from './words.ts'

export interface GraphProps {
  document: FlowDocument
  /** Keys of steps with something wrong. */
  faulty: ReadonlySet<string>
  /** Per step of the version that runs. */
  counts?: ReadonlyMap<string, StepCounts>
  entered?: number | undefined
  /** Key of the step, `triggerNode`, or nothing. */
  chosen: string | undefined
  onChoose: (id: string | undefined) => void
  /** Without these the drawing is only looked at. */
  edits?: GraphEdits | undefined
}

/** A flow as a graph: drag, connect, put steps in between; every node and button is reached by the keyboard. */
export function FlowGraph(props: GraphProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  )
}

function Drawing({ document, faulty, counts, entered, chosen, onChoose, edits }: GraphProps) {
  const t = useText()
  const format = useFormat()
  const speech = useSpeech(document.subject)
  const { fitView } = useReactFlow()
  const places = useMemo(() => layOut(document), [document])
  const drawn = useMemo<Node[]>(() => {
    const at = (id: string) => places.get(id) ?? { x: 0, y: 0 }
    // From left to right as what they lead to stands, so that fewer lines cross.
    const waysInOrder = (key: string) =>
      drawnWays(document)
        .filter(({ from }) => from === key)
        .sort((one, other) => at(one.to).x - at(other.to).x)
        .map(({ way }) => way)
    const whole = { width: nodeSize.width, height: nodeSize.height }
    return [
      {
        id: triggerNode,
        type: 'triggers',
        position: at(triggerNode),
        ...whole,
        deletable: false,
        ariaLabel: t('flows.triggers'),
        data: {
          isFaulty: faulty.has(triggerNode),
          lines: document.triggers.map(trigger => triggerWords(trigger, speech)),
          ...(entered !== undefined && { entered: format.number(entered) }),
        },
      },
      ...document.steps.map(
        (step): Node => ({
          id: step.key,
          type: 'step',
          position: at(step.key),
          ...whole,
          ariaLabel: `${t(`flows.step.${step.kind}`)}: ${step.name ?? stepWords(step, speech)}`,
          data: {
            kind: step.kind,
            label: step.name ?? stepWords(step, speech),
            isFaulty: faulty.has(step.key),
            ways: waysInOrder(step.key),
            counts: counts?.get(step.key),
          },
        }),
      ),
      ...drawnWays(document)
        .filter(({ ends }) => ends)
        .map(
          ({ from, way, to }): Node => ({
            id: to,
            type: 'stub',
            position: at(to),
            deletable: false,
            draggable: false,
            selectable: false,
            focusable: false,
            data: { place: { step: from === triggerNode ? null : from, way }, edits },
          }),
        ),
    ]
  }, [document, places, faulty, counts, entered, edits, speech, t, format])
  const edges = useMemo<Edge[]>(
    () =>
      drawnWays(document).map(({ from, way, label, to, ends }) => ({
        id: `${from}/${way}`,
        source: from,
        sourceHandle: way,
        target: to,
        type: 'way',
        focusable: false,
        deletable: false,
        data: {
          label: label ?? (way === 'next' || way === 'start' ? undefined : wayWords(way, t)),
          count: counts?.get(from)?.ways.get(way),
          place: { step: from === triggerNode ? null : from, way },
          edits: ends ? undefined : edits,
        },
      })),
    [document, counts, edits, t],
  )
  const [nodes, setNodes, onNodesChange] = useNodesState(drawn)
  useEffect(
    () => setNodes(drawn.map(node => (node.id === chosen ? { ...node, selected: true } : node))),
    [drawn, chosen, setNodes],
  )
  const follow = (changes: NodeChange[]) => {
    onNodesChange(changes)
    // Enter on a node selects it, as a click does.
    const selected = changes.filter(change => change.type === 'select' && change.selected)
    if (selected[0]?.type === 'select' && selected.length === 1) onChoose(selected[0].id)
    if (!edits) return
    // By the keyboard a node moves without being dragged.
    const moved = changes.filter(change => change.type === 'position' && change.dragging === false && change.position)
    for (const change of moved) {
      if (change.type === 'position' && change.position) edits.move(change.id, change.position)
    }
  }
  const count = document.steps.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: a drawing with more or fewer steps is shown whole again
  useEffect(() => {
    const timer = setTimeout(() => void fitView({ padding: 0.12, maxZoom: 1, duration: 0 }), 30)
    return () => clearTimeout(timer)
  }, [count, fitView])
  return (
    <div className="fl-graph">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeKinds}
        edgeTypes={edgeKinds}
        onNodesChange={follow}
        onNodeClick={(_, node) => node.type !== 'stub' && onChoose(node.id)}
        onPaneClick={() => onChoose(undefined)}
        onNodesDelete={deleted => edits?.remove(deleted.map(({ id }) => id))}
        onConnect={({ source, sourceHandle, target }) =>
          edits?.connect({ step: source === triggerNode ? null : source, way: sourceHandle ?? 'next' }, target)
        }
        isValidConnection={({ source, target }) => source !== target && !target.startsWith(':')}
        nodesConnectable={edits !== undefined}
        nodesDraggable={edits !== undefined}
        deleteKeyCode={edits ? ['Delete', 'Backspace'] : null}
        multiSelectionKeyCode="Shift"
        minZoom={0.2}
        maxZoom={1.5}
        fitView
        fitViewOptions={{ padding: 0.12, maxZoom: 1 }}
        ariaLabelConfig={{
          'node.a11yDescription.default': t('flows.nodeHelp'),
          'node.a11yDescription.keyboardDisabled': t('flows.nodeHelp'),
          'edge.a11yDescription.default': '',
          'controls.zoomIn.ariaLabel': t('flows.zoomIn'),
          'controls.zoomOut.ariaLabel': t('flows.zoomOut'),
          'controls.fitView.ariaLabel': t('flows.fit'),
          'controls.ariaLabel': t('flows.controls'),
        }}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  )
}
