import { useState } from 'react'
import { bulkChangeTasks, undoTasks } from '../../../server/engage/tasks/contract/bulk.ts'
import { priorities, type TaskStatus } from '../../../server/engage/tasks/contract/shapes.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { BulkBar } from '../../kit/bulk-bar.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { assignmentOf, useAssigneeOptions } from './assignees.ts'
import { ReasonDialog } from './reason-dialog.tsx'
import { staleTasks } from './use-task-actions.ts'

type Change = Omit<Parameters<ReturnType<typeof useCommand<typeof bulkChangeTasks>>['run']>[0]['body'], 'ids'>
type Asked = 'assign' | 'due' | 'priority' | 'waiting' | 'cancelled'

/** What is done to the chosen tasks; each of it can be taken back. */
export function BulkActions({ ids, onDone }: { ids: string[]; onDone: () => void }) {
  const t = useText()
  const [asked, setAsked] = useState<Asked>()
  const command = useCommand(bulkChangeTasks, { stale: staleTasks })
  const undo = useCommand(undoTasks, { stale: staleTasks })
  const apply = async (change: Change) => {
    const { changed, batchId } = await command.run({ body: { ids, ...change } })
    onDone()
    toastDone(
      t('tasks.bulk.changed', { count: changed }),
      batchId ? { undo: () => void undo.run({ params: { id: batchId } }).catch(() => {}) } : {},
    )
  }
  const set = (status: TaskStatus) => void apply({ status }).catch(() => {})
  const close = () => setAsked(undefined)
  return (
    <>
      <BulkBar text={t('tasks.chosen', { count: ids.length })} onClear={onDone}>
        <Button size="small" pending={command.pending} onClick={() => set('done')}>
          {t('tasks.complete')}
        </Button>
        <Button size="small" pending={command.pending} onClick={() => set('in_progress')}>
          {t('tasks.start')}
        </Button>
        <Button size="small" onClick={() => setAsked('assign')}>
          {t('tasks.assignDots')}
        </Button>
        <Button size="small" onClick={() => setAsked('due')}>
          {t('tasks.dueDots')}
        </Button>
        <Button size="small" onClick={() => setAsked('priority')}>
          {t('tasks.priorityDots')}
        </Button>
        <Button size="small" onClick={() => setAsked('cancelled')}>
          {t('tasks.cancelDots')}
        </Button>
      </BulkBar>
      {(asked === 'waiting' || asked === 'cancelled') && (
        <ReasonDialog
          status={asked}
          count={ids.length}
          onSave={reason => apply({ status: asked, reason })}
          onClose={close}
        />
      )}
      {asked === 'assign' && <AssignDialog count={ids.length} apply={apply} onClose={close} />}
      {asked === 'due' && (
        <Dialog open onClose={close} title={t('tasks.bulk.due', { count: ids.length })}>
          <Form
            submit={t('tasks.save')}
            onCancel={close}
            onSubmit={async values => {
              await apply({ dueOn: values.text('dueOn') })
              close()
            }}
          >
            <Field label={t('tasks.due')} name="dueOn" required>
              <TextInput type="date" />
            </Field>
          </Form>
        </Dialog>
      )}
      {asked === 'priority' && (
        <Dialog open onClose={close} title={t('tasks.bulk.priority', { count: ids.length })}>
          <Form
            submit={t('tasks.save')}
            onCancel={close}
            onSubmit={async values => {
              await apply({ priority: priorities.find(each => each === values.text('priority')) })
              close()
            }}
          >
            <Field label={t('tasks.priority')} name="priority" required>
              <Select options={priorities.map(value => ({ value, label: t(`tasks.priority.${value}`) }))} />
            </Field>
          </Form>
        </Dialog>
      )}
    </>
  )
}

interface AssignDialogProps {
  count: number
  apply: (change: Change) => Promise<void>
  onClose: () => void
}

function AssignDialog({ count, apply, onClose }: AssignDialogProps) {
  const t = useText()
  const options = useAssigneeOptions({ owner: true })
  const [assignee, setAssignee] = useState('nobody')
  return (
    <Dialog open onClose={onClose} title={t('tasks.bulk.assign', { count })}>
      <Form
        submit={t('tasks.assign')}
        onCancel={onClose}
        onSubmit={async () => {
          await apply({ assign: assignmentOf(assignee) })
          onClose()
        }}
      >
        <Field label={t('tasks.assignee')} name="assign">
          <SearchSelect
            label={t('tasks.assignee')}
            options={options}
            value={assignee}
            onChange={setAssignee}
            placeholder={t('tasks.findAssignee')}
            none={t('tasks.noAssignee')}
          />
        </Field>
      </Form>
    </Dialog>
  )
}
