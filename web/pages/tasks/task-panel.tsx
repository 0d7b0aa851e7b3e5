import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { taskStatuses } from '../../../server/engage/tasks/contract/shapes.ts'
import { commentTask, deleteTask, getTask } from '../../../server/engage/tasks/contract/tasks.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { Owner } from '../../features/record/owner.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog, Drawer } from '../../kit/dialog.tsx'
import { Field, Select, Textarea } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Pairs, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { Checklist } from './checklist.tsx'
import { PriorityBadge, StatusBadge, TaskDue } from './look.tsx'
import { ReasonDialog } from './reason-dialog.tsx'
import { recurrenceWords } from './recurrence-fields.tsx'
import { TaskDialog, type WholeTask } from './task-dialog.tsx'
import { TaskSteps } from './task-steps.tsx'
import './tasks.css'
import { staleTasks, useTaskActions } from './use-task-actions.ts'

type Asked = 'edit' | 'delete' | 'waiting' | 'cancelled'

/** One task beside the list: what there is to do, what it is about, what became of it. */
export function TaskPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText()
  const { data, error } = useRoute(getTask, { params: { id } })
  const task = data?.id === id ? data : undefined
  const [asked, setAsked] = useState<Asked>()
  const actions = useTaskActions()
  const remove = useCommand(deleteTask, { stale: staleTasks })
  return (
    <Drawer
      open
      onClose={onClose}
      title={task?.title ?? t('tasks.task')}
      foot={task?.mayChange && <Buttons task={task} onAsk={setAsked} />}
    >
      {error && !task ? (
        <Note tone="red" alert>
          {wordsOf(error, t)}
        </Note>
      ) : task ? (
        <Body task={task} onAsk={setAsked} />
      ) : (
        <SkeletonRows rows={8} />
      )}
      {task && asked === 'edit' && <TaskDialog task={task} onClose={() => setAsked(undefined)} />}
      {task && (asked === 'waiting' || asked === 'cancelled') && (
        <ReasonDialog
          status={asked}
          count={1}
          onSave={reason => actions.changeNow(id, { status: asked, reason })}
          onClose={() => setAsked(undefined)}
        />
      )}
      <ConfirmDialog
        open={asked === 'delete'}
        onClose={() => setAsked(undefined)}
        title={t('tasks.deleteTitle', { title: task?.title ?? '' })}
        text={t('tasks.deleteText')}
        confirm={t('tasks.delete')}
        destroys
        onConfirm={async () => {
          await remove.run({ params: { id } })
          toastDone(t('tasks.deleted'))
          onClose()
        }}
      />
    </Drawer>
  )
}

function Buttons({ task, onAsk }: { task: WholeTask; onAsk: (asked: Asked) => void }) {
  const t = useText()
  const { complete, reopen, pending } = useTaskActions()
  const isClosed = task.status === 'done' || task.status === 'cancelled'
  return (
    <>
      <Button kind="danger" onClick={() => onAsk('delete')}>
        {t('tasks.deleteDots')}
      </Button>
      <Button onClick={() => onAsk('edit')}>{t('tasks.editDots')}</Button>
      {isClosed ? (
        <Button pending={pending} onClick={() => void reopen(task.id)}>
          {t('tasks.reopen')}
        </Button>
      ) : (
        <Button kind="primary" icon="check" pending={pending} onClick={() => void complete(task)}>
          {t('tasks.complete')}
        </Button>
      )}
    </>
  )
}

function Body({ task, onAsk }: { task: WholeTask; onAsk: (asked: Asked) => void }) {
  const t = useText()
  const format = useFormat()
  const { change, complete, changeNow } = useTaskActions()
  const isClosed = task.status === 'done' || task.status === 'cancelled'
  const setStatus = (value: string) => {
    const status = taskStatuses.find(each => each === value)
    if (status === 'waiting' || status === 'cancelled') onAsk(status)
    else if (status === 'done') void complete(task)
    else if (status) void change(task.id, { status })
  }
  const pairs: [string, ReactNode][] = [
    [t('tasks.assignee'), <Owner key="assignee" name={task.assigneeName} />],
    [t('tasks.due'), <TaskDue key="due" task={task} />],
    [t('tasks.priority'), <PriorityBadge key="priority" priority={task.priority} />],
  ]
  if (task.reason) pairs.push([t('tasks.reason'), task.reason])
  if (task.recurrence) pairs.push([t('tasks.repeats'), recurrenceWords(task.recurrence, t, format)])
  if (task.escalateDays !== null) pairs.push([t('tasks.escalateDays'), t('tasks.days', { count: task.escalateDays })])
  if (task.contact) pairs.push([t('tasks.contact'), t(`tasks.contact.${task.contact}`)])
  pairs.push([t('tasks.source'), t(`tasks.source.${task.source}`)])
  if (task.createdByName) pairs.push([t('tasks.createdBy'), task.createdByName])
  if (task.doneAt) pairs.push([t('tasks.doneAt'), format.dateTime(task.doneAt)])
  return (
    <div className="t-panel">
      <div className="t-panel-head">
        {task.mayChange ? (
          <Select
            aria-label={t('tasks.statusLabel')}
            value={task.status}
            options={taskStatuses.map(value => ({ value, label: t(`tasks.status.${value}`) }))}
            onChange={event => setStatus(event.currentTarget.value)}
          />
        ) : (
          <StatusBadge status={task.status} />
        )}
        {task.customerId && (
          <Link to="/customers/$id" params={{ id: task.customerId }} className="k-link truncate">
            {task.customerName}
          </Link>
        )}
      </div>
      {task.description && <p className="t-text">{task.description}</p>}
      <Section title={t('tasks.checklist')} note={task.items > 0 ? `${task.itemsDone} / ${task.items}` : undefined}>
        <Checklist
          items={task.checklist}
          disabled={!task.mayChange || isClosed}
          onTick={(item, done) => change(task.id, { tick: { id: item, done } })}
          onChange={checklist => void changeNow(task.id, { checklist }).catch(() => {})}
        />
      </Section>
      <Section title={t('tasks.about')}>
        <Pairs pairs={pairs} align="start" />
      </Section>
      {task.links.length > 0 && (
        <Section title={t('tasks.links')}>
          <ul className="t-links">
            {task.links.map(link => (
              <li key={link.id}>
                <span className="text-t3">{t(`tasks.link.${link.kind}`)}</span>{' '}
                {link.kind === 'contact' ? (
                  <Link to="/contacts/$id" params={{ id: link.id }} className="k-link">
                    {link.name ?? t('tasks.gone')}
                  </Link>
                ) : link.kind === 'alert' ? (
                  <Link to="/alerts" search={{ open: link.id }} className="k-link">
                    {link.name ?? t('tasks.gone')}
                  </Link>
                ) : link.kind === 'flow' ? (
                  <Link to="/flows/$id" params={{ id: link.id }} className="k-link">
                    {link.name ?? t('tasks.gone')}
                  </Link>
                ) : (
                  (link.name ?? t('tasks.gone'))
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {task.mayChange && <CommentForm key={task.steps.length} id={task.id} />}
      <Section title={t('tasks.history')}>
        <TaskSteps steps={task.steps} />
      </Section>
    </div>
  )
}

function CommentForm({ id }: { id: string }) {
  const t = useText()
  const write = useCommand(commentTask, { quiet: true, stale: staleTasks })
  return (
    <Section title={t('tasks.comment')}>
      <Form
        submit={t('tasks.addComment')}
        submitKind="normal"
        onSubmit={async values => {
          await write.run({ params: { id }, body: { text: values.text('text') } })
        }}
      >
        <Field label={t('tasks.comment')} labelHidden name="text" required>
          <Textarea maxLength={5_000} rows={2} />
        </Field>
      </Form>
    </Section>
  )
}
