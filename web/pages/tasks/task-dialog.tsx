import { useState } from 'react'
import { priorities, type Recurrence, taskContacts } from '../../../server/engage/tasks/contract/shapes.ts'
import { createTask, type getTask, updateTask } from '../../../server/engage/tasks/contract/tasks.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useSession } from '../../api/session.tsx'
import { CustomerSelect } from '../../features/record/record-select.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { assignmentOf, useAssigneeOptions } from './assignees.ts'
import { RecurrenceFields } from './recurrence-fields.tsx'
import { type NamedLink, TaskLinks } from './task-links.tsx'
import './tasks.css'
import { staleTasks } from './use-task-actions.ts'

export type WholeTask = RouteReply<typeof getTask>

interface TaskDialogProps {
  /** The task that is changed; without it a new one is made. */
  task?: WholeTask
  customer?: { id: string; name: string }
  onClose: () => void
}

/** Makes a task, or changes what it says. */
export function TaskDialog({ task, customer, onClose }: TaskDialogProps) {
  const t = useText()
  const { member } = useSession()
  const create = useCommand(createTask, { quiet: true, stale: staleTasks })
  const change = useCommand(updateTask, { quiet: true, stale: staleTasks })
  const [about, setAbout] = useState(customer ?? { id: task?.customerId ?? '', name: task?.customerName ?? '' })
  const [day, setDay] = useState(task?.dueOn ?? '')
  const [recurrence, setRecurrence] = useState<Recurrence | null>(task?.recurrence ?? null)
  const [links, setLinks] = useState<NamedLink[]>(task?.links ?? [])
  const known = task ? (task.assigneeId ? `member:${task.assigneeId}` : 'nobody') : `member:${member.id}`
  const [assignee, setAssignee] = useState(known)
  const options = useAssigneeOptions({ owner: about.id !== '' })
  const save = async (values: { text(name: string): string; number(name: string): number | undefined }) => {
    const body = {
      title: values.text('title'),
      description: values.text('description') || null,
      customerId: about.id || null,
      dueOn: day || null,
      dueTime: day ? values.text('dueTime') || null : null,
      priority: priorities.find(each => each === values.text('priority')) ?? 'medium',
      recurrence,
      escalateDays: values.number('escalateDays') ?? null,
      contact: taskContacts.find(each => each === values.text('contact')) ?? null,
      links: links.map(({ kind, id }) => ({ kind, id })),
    }
    if (task) {
      await change.run({
        params: { id: task.id },
        body: { ...body, ...(assignee !== known && { assign: assignmentOf(assignee) }) },
      })
      toastDone(t('tasks.saved'))
    } else {
      await create.run({ body: { ...body, assign: assignmentOf(assignee) } })
      toastDone(t('tasks.created'))
    }
    onClose()
  }
  return (
    <Dialog open onClose={onClose} title={t(task ? 'tasks.edit' : 'tasks.new')} size="wide">
      <Form submit={t(task ? 'tasks.save' : 'tasks.create')} onCancel={onClose} onSubmit={save}>
        <Field label={t('tasks.taskTitle')} name="title" required>
          <TextInput maxLength={200} autoComplete="off" defaultValue={task?.title} />
        </Field>
        <div className="t-pair">
          <Field label={t('tasks.customer')} name="customerId">
            <CustomerSelect value={about} onChange={setAbout} />
          </Field>
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
        </div>
        <div className="t-three">
          <Field label={t('tasks.due')} name="dueOn">
            <TextInput type="date" value={day} onChange={event => setDay(event.currentTarget.value)} />
          </Field>
          <Field label={t('tasks.dueTime')} name="dueTime">
            <TextInput type="time" disabled={!day} defaultValue={task?.dueTime ?? ''} />
          </Field>
          <Field label={t('tasks.priority')} name="priority" required>
            <Select
              defaultValue={task?.priority ?? 'medium'}
              options={priorities.map(value => ({ value, label: t(`tasks.priority.${value}`) }))}
            />
          </Field>
        </div>
        <RecurrenceFields value={recurrence} onChange={setRecurrence} />
        <TaskLinks links={links} customerId={about.id} onChange={setLinks} />
        <Field label={t('tasks.description')} name="description">
          <Textarea maxLength={10_000} rows={3} defaultValue={task?.description ?? ''} />
        </Field>
        <div className="t-pair">
          <Field label={t('tasks.contact')} name="contact" hint={t('tasks.contactHint')}>
            <Select
              defaultValue={task?.contact ?? ''}
              options={[
                { value: '', label: t('tasks.contactNone') },
                ...taskContacts.map(value => ({ value, label: t(`tasks.contact.${value}`) })),
              ]}
            />
          </Field>
          <Field label={t('tasks.escalateDays')} name="escalateDays" hint={t('tasks.escalateHint')}>
            <TextInput type="number" min={0} max={90} defaultValue={task?.escalateDays ?? ''} />
          </Field>
        </div>
      </Form>
    </Dialog>
  )
}
