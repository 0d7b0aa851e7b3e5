import { useState } from 'react'
import { moveEnrolments, previewMove } from '../../../server/engage/flows/contract/enrolments.ts'
import { flowVersions } from '../../../server/engage/flows/contract/flows.ts'
import { useAnswer } from '../../api/answer.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, Select } from '../../kit/field.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { FlowGraph } from './graph.tsx'
import { staleFlows, type WholeFlow } from './whole-flow.ts'

/** The published versions, and who still follows which; the running ones can be moved. */
export function Versions({ flow }: { flow: WholeFlow }) {
  const t = useText()
  const format = useFormat()
  const mayManage = useMay('flows.manage')
  const { data, error } = useRoute(flowVersions, { params: { id: flow.id } })
  const [shown, setShown] = useState<number>()
  const [moving, setMoving] = useState(false)
  if (error && !data) return <EmptyState title={t('flows.tab.versions')} text={wordsOf(error, t)} />
  if (!data) return <SkeletonRows rows={4} />
  if (data.items.length === 0)
    return <EmptyState title={t('flows.neverPublished')} text={t('flows.neverPublishedText')} />
  const looked = data.items.find(({ number }) => number === shown)
  const behind = data.items.slice(1).reduce((sum, { active }) => sum + active, 0)
  return (
    <div className="fl-fields">
      {behind > 0 && (
        <Note>
          {t('flows.behind', { count: behind })}{' '}
          {mayManage && (
            <Button size="small" onClick={() => setMoving(true)}>
              {t('flows.moveDots')}
            </Button>
          )}
        </Note>
      )}
      <ul className="fl-requests">
        {data.items.map(({ number, publishedAt, publishedByName, active }, place) => (
          <li key={number}>
            <div>
              <p>
                {t('flows.version', { number })} {place === 0 && <Badge tone="green">{t('flows.current')}</Badge>}
              </p>
              <p className="text-t3">
                {format.dateTime(publishedAt)}
                {publishedByName && ` · ${publishedByName}`}
              </p>
            </div>
            <span>{t('flows.activeOn', { count: active })}</span>
            <Button
              size="small"
              aria-expanded={shown === number}
              onClick={() => setShown(shown === number ? undefined : number)}
            >
              {t(shown === number ? 'flows.hideGraph' : 'flows.showGraph')}
            </Button>
          </li>
        ))}
      </ul>
      {looked && <FlowGraph document={looked.document} faulty={new Set()} chosen={undefined} onChoose={() => {}} />}
      {moving && <MoveDialog flow={flow} onClose={() => setMoving(false)} />}
    </div>
  )
}

function MoveDialog({ flow, onClose }: { flow: WholeFlow; onClose: () => void }) {
  const t = useText()
  const [mapping, setMapping] = useState<Record<string, string>>({})
  const { shown, fault } = useAnswer(previewMove, { params: { id: flow.id }, body: { mapping } })
  const move = useCommand(moveEnrolments, {
    stale: staleFlows,
    onDone: ({ moved, stayed }) => {
      toastDone(t('flows.moved', { moved, stayed }))
      onClose()
    },
  })
  const steps = flow.published?.steps ?? []
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('flows.moveTitle', { version: flow.version ?? 0 })}
      text={t('flows.moveText')}
      foot={
        <>
          <Button kind="quiet" onClick={onClose}>
            {t('kit.cancel')}
          </Button>
          <Button
            kind="primary"
            pending={move.pending}
            disabled={!shown || shown.movable === 0}
            onClick={() => void move.run({ params: { id: flow.id }, body: { mapping } }).catch(() => {})}
          >
            {t('flows.moveNow', { count: shown?.movable ?? 0 })}
          </Button>
        </>
      }
    >
      {fault ? (
        <Note tone="red">{fault}</Note>
      ) : !shown ? (
        <SkeletonRows rows={3} />
      ) : (
        <div className="fl-fields">
          {shown.steps.map(({ version, step, count, to }) => (
            <Field key={`${version} ${step}`} label={t('flows.moveFrom', { version, step, count })}>
              <Select
                value={mapping[step] ?? to ?? ''}
                placeholder={t('flows.stays')}
                options={steps.map(each => ({ value: each.key, label: each.name ?? each.key }))}
                onChange={event => {
                  const { [step]: _, ...rest } = mapping
                  const target = event.currentTarget.value
                  setMapping(target ? { ...rest, [step]: target } : rest)
                }}
              />
            </Field>
          ))}
        </div>
      )}
    </Dialog>
  )
}
