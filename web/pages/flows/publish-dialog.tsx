import { useState } from 'react'
import type { FlowDocument } from '../../../server/engage/flows/contract/document.ts'
import { flowRadius, publishFlow } from '../../../server/engage/flows/contract/flows.ts'
import { useAnswer } from '../../api/answer.ts'
import { useCommand } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { RadioGroup } from '../../kit/field.tsx'
import { Pairs } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { staleFlows, type WholeFlow } from './whole-flow.ts'

interface PublishDialogProps {
  flow: WholeFlow
  document: FlowDocument
  onClose: () => void
}

/** What publishing would do, before it is done. */
export function PublishDialog({ flow, document, onClose }: PublishDialogProps) {
  const t = useText()
  const format = useFormat()
  const [start, setStart] = useState<'later' | 'now'>('later')
  const { shown, fault } = useAnswer(flowRadius, { body: { document, flowId: flow.id } })
  const publish = useCommand(publishFlow, {
    stale: staleFlows,
    onDone: ({ enrolled, version }) => {
      toastDone(t('flows.published', { version, count: enrolled }))
      onClose()
    },
  })
  const expected = (number: number) =>
    shown?.atLeast ? t('flows.atLeast', { number: format.number(number, 1) }) : format.number(number, 1)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('flows.publishTitle', { version: (flow.version ?? 0) + 1 })}
      text={flow.version === null ? t('flows.publishFirst') : t('flows.publishText')}
      foot={
        <>
          <Button kind="quiet" onClick={onClose}>
            {t('kit.cancel')}
          </Button>
          <Button
            kind="primary"
            pending={publish.pending}
            disabled={!shown}
            onClick={() =>
              void publish.run({ params: { id: flow.id }, body: { startMatching: start === 'now' } }).catch(() => {})
            }
          >
            {t('flows.publishNow')}
          </Button>
        </>
      }
    >
      {fault ? (
        <Note tone="red" alert>
          {fault}
        </Note>
      ) : !shown ? (
        <SkeletonRows rows={5} />
      ) : (
        <div className="fl-fields">
          <Pairs
            pairs={[
              [t('flows.audience'), format.number(shown.audience)],
              [t('flows.matching'), format.number(shown.matching)],
              [t('flows.perDay'), expected(shown.perDay)],
              [t('flows.contactsPerDay'), expected(shown.contactsPerDay)],
              ...(document.holdoutPercent > 0 ? [[t('flows.heldOutNow'), format.number(shown.heldOut)] as const] : []),
            ]}
          />
          {shown.samples.length > 0 && (
            <p className="text-t3">
              {t('flows.samples', { names: shown.samples.map(({ name }) => name).join(t('flows.comma')) })}
            </p>
          )}
          {shown.wouldStart > 0 && (
            <RadioGroup
              label={t('flows.startWith')}
              name="start"
              value={start}
              onChange={next => setStart(next === 'now' ? 'now' : 'later')}
              options={[
                { value: 'later', label: t('flows.startLater'), hint: t('flows.startLaterHint') },
                { value: 'now', label: t('flows.startNow', { count: shown.wouldStart }) },
              ]}
            />
          )}
        </div>
      )}
    </Dialog>
  )
}
