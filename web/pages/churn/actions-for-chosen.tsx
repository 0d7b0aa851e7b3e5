import { useState } from 'react'
import { bulkCreateTasks, undoTasks } from '../../../server/engage/tasks/contract/bulk.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import type { listChurnPredictions } from '../../../server/signals/churn/contract/predictions.ts'
import type { ChurnBand } from '../../../server/signals/churn/contract/settings.ts'
import { useCommand } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, RadioGroup, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'

type Line = RouteReply<typeof listChurnPredictions>['items'][number]

interface ActionsProps {
  rows: readonly Line[]
  bands: readonly ChurnBand[]
  onDone: () => void
}

/** Starts what is to be done for the chosen customers: a task each, by the advice and the time of their band. */
export function ActionsForChosen({ rows, bands, onDone }: ActionsProps) {
  const t = useText()
  const may = useMay('tasks.handle')
  const [open, setOpen] = useState(false)
  if (!may) return null
  return (
    <>
      <Button size="small" kind="quiet" icon="task" onClick={() => setOpen(true)}>
        {t('churn.start')}
      </Button>
      {open && (
        <StartDialog
          rows={rows}
          bands={bands}
          onClose={() => setOpen(false)}
          onDone={() => {
            setOpen(false)
            onDone()
          }}
        />
      )}
    </>
  )
}

function StartDialog({ rows, bands, onClose, onDone }: ActionsProps & { onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [who, setWho] = useState<'owner' | 'nobody'>('owner')
  const create = useCommand(bulkCreateTasks, { quiet: true, stale: ['/api/v1/tasks'] })
  const undo = useCommand(undoTasks, { stale: ['/api/v1/tasks'] })
  // The gravest band among the chosen says what is to be done, and by when.
  const band = bands.find(({ key }) => rows.some(row => row.band === key))
  const advice = (locale === 'ja' ? band?.adviceJa : band?.adviceEn) ?? ''
  const days = Math.max(1, Math.ceil((band?.respondWithinHours ?? 168) / 24))
  const due = new Date(Date.parse(format.today()) + days * 86_400_000).toISOString().slice(0, 10)
  return (
    <Dialog open onClose={onClose} title={t('churn.startTitle', { count: rows.length })} text={t('churn.startText')}>
      <Form
        submit={t('churn.startSubmit', { count: rows.length })}
        onCancel={onClose}
        onSubmit={async values => {
          const { created, batchId } = await create.run({
            body: {
              ids: rows.map(({ id }) => id),
              task: {
                title: values.text('title'),
                description: values.text('description') || null,
                dueOn: values.text('dueOn') || null,
                priority: band?.level === 'critical' ? 'urgent' : 'high',
                assign: { kind: who },
              },
            },
          })
          toastDone(
            t('churn.started', { count: created }),
            batchId ? { undo: () => void undo.run({ params: { id: batchId } }).catch(() => {}) } : {},
          )
          onDone()
        }}
      >
        <Field label={t('churn.taskTitle')} name="title" required>
          <TextInput maxLength={200} defaultValue={t('churn.taskTitleText')} />
        </Field>
        <Field label={t('churn.taskText')} name="description">
          <Textarea maxLength={2_000} defaultValue={advice} />
        </Field>
        <Field label={t('churn.taskDue')} name="dueOn">
          <TextInput type="date" defaultValue={due} />
        </Field>
        <RadioGroup
          label={t('churn.taskWho')}
          name="who"
          value={who}
          onChange={next => setWho(next === 'nobody' ? 'nobody' : 'owner')}
          options={[
            { value: 'owner', label: t('churn.taskOwner') },
            { value: 'nobody', label: t('churn.taskNobody') },
          ]}
        />
      </Form>
    </Dialog>
  )
}
