import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from 'react'
import { checkFlow, flowCounts, updateFlow } from '../../../server/engage/flows/contract/flows.ts'
import type { FlowFault } from '../../../server/engage/flows/contract/graph.ts'
import { useAnswer } from '../../api/answer.ts'
import { useCommand, useRouteWhen } from '../../api/hooks.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton, Segments } from '../../kit/button.tsx'
import { type Draft, useDraft } from './draft.ts'
import { FlowGraph } from './graph.tsx'
import { insertStep, lead, removeSteps } from './graph-edits.ts'
import { triggerNode } from './graph-layout.ts'
import type { GraphEdits, StepCounts } from './graph-nodes.tsx'
import { Inspector } from './inspector.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { TestDrawer } from './test-drawer.tsx'
import { staleFlows, type WholeFlow } from './whole-flow.ts'
import { YamlView } from './yaml-view.tsx'

interface EditorProps {
  flow: WholeFlow
  mayManage: boolean
}

/** The flow as a graph beside what the chosen step does, and the same flow as YAML. */
export function Editor({ flow, mayManage }: EditorProps) {
  const t = useText()
  const draft = useDraft(flow.document)
  const [view, setView] = useState<'graph' | 'yaml'>('graph')
  const [chosen, setChosen] = useState<string>()
  const [asked, setAsked] = useState<'test' | 'publish'>()
  const save = useSave(flow, draft)
  const { document } = draft
  const checked = useAnswer(checkFlow, { body: { document } })
  const faults = [...save.refused, ...(checked.shown?.faults ?? flow.faults)]
  const counts = useCounts(flow)
  const edits = useEdits(draft, setChosen)
  const keys = (event: KeyboardEvent) => {
    const target = event.target
    if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]')) return
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
    event.preventDefault()
    if (event.shiftKey) draft.redo()
    else draft.undo()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the controls inside bubble up to here
    <div className="fl-editor" onKeyDown={keys}>
      <div className="fl-bar">
        <Segments
          label={t('flows.view')}
          size="small"
          value={view}
          options={[
            { value: 'graph', label: t('flows.graph') },
            { value: 'yaml', label: 'YAML' },
          ]}
          onChange={setView}
        />
        {mayManage && (
          <>
            <IconButton
              icon="undo"
              label={t('flows.undo')}
              keys="mod+z"
              disabled={!draft.mayUndo}
              onClick={draft.undo}
            />
            <IconButton
              icon="redo"
              label={t('flows.redo')}
              keys="mod+shift+z"
              disabled={!draft.mayRedo}
              onClick={draft.redo}
            />
          </>
        )}
        <span className="fl-bar-end">
          <span role="status" className="text-t3">
            {draft.isChanged
              ? t(save.state === 'sending' ? 'flows.saving' : `flows.save.${save.state}`)
              : t('flows.saved')}
          </span>
          {faults.length === 0 ? (
            <Badge tone="green" icon="check">
              {t('flows.valid')}
            </Badge>
          ) : (
            <Badge tone="red" icon="alert">
              {t('flows.faults', { count: faults.length })}
            </Badge>
          )}
          <Button size="small" icon="play" onClick={() => setAsked('test')}>
            {t('flows.test')}
          </Button>
          {mayManage && (
            <Button
              size="small"
              kind="primary"
              disabled={faults.length > 0}
              onClick={() => void save.now().then(() => setAsked('publish'))}
            >
              {t('flows.publish')}
            </Button>
          )}
        </span>
      </div>
      {view === 'yaml' ? (
        <YamlView document={document} onChange={mayManage ? next => draft.change(() => next) : undefined} />
      ) : (
        <div className="fl-split">
          <FlowGraph
            document={document}
            faulty={new Set(faults.map(({ step, path }) => step ?? (path.startsWith('triggers') ? triggerNode : '')))}
            {...(counts && { counts: counts.steps, entered: counts.entered })}
            chosen={chosen}
            onChoose={setChosen}
            edits={mayManage ? edits : undefined}
          />
          <Inspector
            flow={flow}
            draft={draft}
            faults={faults}
            chosen={chosen}
            onChoose={setChosen}
            mayManage={mayManage}
          />
        </div>
      )}
      {asked === 'test' && <TestDrawer document={document} onClose={() => setAsked(undefined)} />}
      {asked === 'publish' && <PublishDialog flow={flow} document={document} onClose={() => setAsked(undefined)} />}
    </div>
  )
}

/** Saves a moment after the last change; what could not be saved is tried again with the next one. */
function useSave(flow: WholeFlow, draft: Draft) {
  const { document, isChanged, markSaved } = draft
  const [state, setState] = useState<'sending' | 'refused' | 'failed'>('sending')
  const [refused, setRefused] = useState<FlowFault[]>([])
  const { run } = useCommand(updateFlow, { quiet: true, stale: staleFlows })
  const id = flow.id
  const now = useCallback(async () => {
    if (!isChanged) return
    await run({ params: { id }, body: { document } })
    markSaved(document)
    setState('sending')
    setRefused([])
  }, [run, id, document, isChanged, markSaved])
  useEffect(() => {
    if (!isChanged) return
    const timer = setTimeout(
      () =>
        void now().catch((problem: unknown) => {
          const faults = problem instanceof ApiProblem ? faultsOf(problem, document) : []
          setState(faults.length > 0 ? 'refused' : 'failed')
          setRefused(faults)
        }),
      800,
    )
    return () => clearTimeout(timer)
  }, [now, isChanged, document])
  return { now, state, refused: isChanged ? refused : [] }
}

/** What the server refused in the document: conditions that are not whole yet, and the like. */
function faultsOf({ errors }: ApiProblem, { steps }: Draft['document']): FlowFault[] {
  const beginning = 'body.document.'
  return errors
    .filter(({ path }) => path.startsWith(beginning))
    .map(({ path, message }) => {
      const place = /^body\.document\.steps\.(\d+)/.exec(path)?.[1]
      const step = place === undefined ? null : (steps[Number(place)]?.key ?? null)
      return { path: path.slice(beginning.length), step, message: { ja: message, en: message } }
    })
}

function useCounts({ id, version }: WholeFlow) {
  const { data } = useRouteWhen(version !== null, flowCounts, { params: { id }, query: {} })
  return useMemo(() => {
    if (!data || data.version === null) return undefined
    const steps = new Map(
      data.steps.map(({ step, now, failed, passed, left, ways }): [string, StepCounts] => [
        step,
        { now, failed, passed, left, ways: new Map(ways.map(({ way, count }) => [way, count])) },
      ]),
    )
    return { entered: data.entered, steps }
  }, [data])
}

function useEdits(draft: Draft, choose: (key: string | undefined) => void): GraphEdits {
  const { change, document } = draft
  return useMemo(
    () => ({
      insert: (place, kind) => {
        const { key } = insertStep(document, place, kind)
        change(current => insertStep(current, place, kind).document)
        choose(key)
      },
      connect: (place, to) => change(current => lead(current, place, to)),
      move: (id, to) =>
        change(current => {
          if (id.startsWith(':') && id !== triggerNode) return current
          // The triggers have no key; they stay where the drawing puts them.
          if (id === triggerNode) return current
          const at = { x: Math.round(to.x), y: Math.round(to.y) }
          const known = current.position?.[id]
          if (known?.x === at.x && known?.y === at.y) return current
          return { ...current, position: { ...current.position, [id]: at } }
        }, `move ${id}`),
      remove: ids => {
        change(current => removeSteps(current, ids))
        choose(undefined)
      },
    }),
    [change, choose, document],
  )
}
