import { useState } from 'react'
import type { Task } from '../../../server/engage/tasks/contract/tasks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { AnchoredPopover } from '../../kit/popover.tsx'
import { SearchList } from '../../kit/search-select.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { assignmentOf, useAssigneeOptions } from './assignees.ts'
import { useTaskActions } from './use-task-actions.ts'

export interface Editing {
  field: 'assignee' | 'due'
  task: Task
  anchor: HTMLElement
}

/** Changes whose a task is, or when it is due, beside its cell; the change can be taken back. */
export function CellEditor({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const t = useText()
  const { field, task, anchor } = editing
  const Editor = field === 'assignee' ? AssigneeEditor : DueEditor
  return (
    <AnchoredPopover
      anchor={anchor}
      label={t(`tasks.editing.${field}`, { title: task.title })}
      onClose={onClose}
      flush={field === 'assignee'}
    >
      <Editor task={task} onClose={onClose} />
    </AnchoredPopover>
  )
}

interface EditorProps {
  task: Task
  onClose: () => void
}

function AssigneeEditor({ task, onClose }: EditorProps) {
  const t = useText()
  const options = useAssigneeOptions({ owner: task.customerId !== null })
  const { changeNow } = useTaskActions()
  const known = task.assigneeId ? `member:${task.assigneeId}` : 'nobody'
  const choose = async (value: string) => {
    onClose()
    if (value === known) return
    await changeNow(task.id, { assign: assignmentOf(value) }).then(
      ({ assigneeName }) =>
        toastDone(t('tasks.assigned', { title: task.title, name: assigneeName ?? t('tasks.nobody') }), {
          undo: () => void changeNow(task.id, { assign: assignmentOf(known) }).catch(() => {}),
        }),
      () => {},
    )
  }
  return (
    <SearchList
      label={t('tasks.assignee')}
      options={options}
      value={known}
      placeholder={t('tasks.findAssignee')}
      none={t('tasks.noAssignee')}
      onChange={value => void choose(value)}
    />
  )
}

function DueEditor({ task, onClose }: EditorProps) {
  const t = useText()
  const { changeNow } = useTaskActions()
  const [day, setDay] = useState(task.dueOn ?? '')
  const save = async (dueOn: string | null) => {
    onClose()
    if (dueOn === task.dueOn) return
    const before = { dueOn: task.dueOn, dueTime: task.dueTime }
    await changeNow(task.id, { dueOn }).then(
      () =>
        toastDone(t('tasks.dueChanged', { title: task.title }), {
          undo: () => void changeNow(task.id, before).catch(() => {}),
        }),
      () => {},
    )
  }
  return (
    <form
      className="tp-due-editor"
      onSubmit={event => {
        event.preventDefault()
        void save(day || null)
      }}
    >
      <Field label={t('tasks.due')}>
        <TextInput type="date" value={day} onChange={event => setDay(event.currentTarget.value)} />
      </Field>
      <div>
        <Button type="submit" kind="primary" size="small">
          {t('tasks.save')}
        </Button>
        {!task.repeats && (
          <Button size="small" kind="quiet" onClick={() => void save(null)}>
            {t('tasks.clearDue')}
          </Button>
        )}
      </div>
    </form>
  )
}
