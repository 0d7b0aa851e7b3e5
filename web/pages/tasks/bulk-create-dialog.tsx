import { useState } from 'react'
import { bulkCreateTasks, undoTasks } from '../../../server/engage/tasks/contract/bulk.ts'
import { priorities } from '../../../server/engage/tasks/contract/shapes.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { listSegments } from '../../../server/signals/segments/contract.ts'
import type { RouteCall } from '../../api/client.ts'
import { useCommand, useRouteWhen } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Note } from '../../kit/note.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { assignmentOf, useAssigneeOptions } from './assignees.ts'
import { staleTasks } from './use-task-actions.ts'

interface BulkCreateProps {
  /** The customers that were chosen; without them a segment is chosen here. */
  chosen?: { body: Pick<NonNullable<RouteCall<typeof bulkCreateTasks>['body']>, 'ids' | 'matching'>; count: number }
  onClose: () => void
  onDone?: () => void
}

/** Makes the same task for many customers: first says for how many, then makes them. */
export function BulkCreateDialog({ chosen, onClose, onDone }: BulkCreateProps) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const segments = useRouteWhen(!chosen, listSegments, { query: { record: 'customer' } }).data?.items ?? []
  const options = useAssigneeOptions({ owner: true })
  const [assignee, setAssignee] = useState('owner')
  const [preview, setPreview] = useState<RouteReply<typeof bulkCreateTasks>>()
  const command = useCommand(bulkCreateTasks, { quiet: true, stale: staleTasks })
  const undo = useCommand(undoTasks, { stale: staleTasks })
  const forget = () => setPreview(undefined)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('tasks.bulk.title')}
      text={chosen ? t('tasks.bulk.chosen', { count: chosen.count }) : t('tasks.bulk.text')}
    >
      <Form
        submit={preview ? t('tasks.bulk.create', { count: preview.customers }) : t('tasks.bulk.count')}
        onCancel={onClose}
        onSubmit={async values => {
          const task = {
            title: values.text('task.title'),
            dueOn: values.text('dueOn') || null,
            priority: priorities.find(each => each === values.text('priority')) ?? 'medium',
            assign: assignmentOf(assignee),
          }
          const body = chosen ? { ...chosen.body, task } : { segmentId: values.text('segmentId'), task }
          if (!preview) return setPreview(await command.run({ body: { ...body, dryRun: true } }))
          const { created, batchId } = await command.run({ body })
          toastDone(
            t('tasks.bulk.created', { count: created }),
            batchId ? { undo: () => void undo.run({ params: { id: batchId } }).catch(() => {}) } : {},
          )
          onClose()
          onDone?.()
        }}
      >
        {!chosen && (
          <Field label={t('tasks.bulk.segment')} name="segmentId" required>
            <Select
              placeholder={t('tasks.bulk.chooseSegment')}
              options={segments.map(segment => ({
                value: segment.id,
                label: `${locale === 'ja' ? segment.nameJa : segment.nameEn} (${segment.members})`,
              }))}
              onChange={forget}
            />
          </Field>
        )}
        <Field label={t('tasks.taskTitle')} name="task.title" required>
          <TextInput maxLength={200} autoComplete="off" />
        </Field>
        <Field label={t('tasks.assignee')} name="assign">
          <SearchSelect
            label={t('tasks.assignee')}
            options={options}
            value={assignee}
            onChange={value => {
              setAssignee(value)
              forget()
            }}
            placeholder={t('tasks.findAssignee')}
            none={t('tasks.noAssignee')}
          />
        </Field>
        <div className="t-pair">
          <Field label={t('tasks.due')} name="dueOn">
            <TextInput type="date" />
          </Field>
          <Field label={t('tasks.priority')} name="priority" required>
            <Select
              defaultValue="medium"
              options={priorities.map(value => ({ value, label: t(`tasks.priority.${value}`) }))}
            />
          </Field>
        </div>
        {preview && (
          <Note tone={preview.nobody > 0 ? 'orange' : 'info'}>
            {t('tasks.bulk.preview', { count: preview.customers, names: format.list(preview.samples) })}
            {preview.nobody > 0 && ` ${t('tasks.bulk.nobody', { count: preview.nobody })}`}
          </Note>
        )}
      </Form>
    </Dialog>
  )
}
