import { Link } from '@tanstack/react-router'
import type { Task } from '../../../server/engage/tasks/contract/tasks.ts'
import { Owner } from '../../features/record/owner.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Tick } from '../../kit/field.tsx'
import type { Editing } from './cell-editor.tsx'
import { PriorityBadge, StatusBadge, TaskDue } from './look.tsx'

interface TaskTableProps {
  rows: readonly Task[]
  active: string | undefined
  chosen: ReadonlySet<string>
  onToggle: (id: string) => void
  onChoose: (chosen: ReadonlySet<string>) => void
  onActive: (id: string) => void
  onOpen: (id: string) => void
  onEdit: (editing: Editing) => void
}

/** Tasks as rows; whose they are and when they are due is changed in its cell. */
export function TaskTable({ rows, active, chosen, onToggle, onChoose, onActive, onOpen, onEdit }: TaskTableProps) {
  const t = useText()
  const format = useFormat()
  const open = rows.filter(row => row.mayChange)
  const all = open.length > 0 && open.every(({ id }) => chosen.has(id))
  return (
    <table className="k-table tp-table" aria-label={t('tasks.title')}>
      <thead>
        <tr>
          <th className="k-cell-tick" scope="col" data-narrow="hide">
            <Tick
              aria-label={t('tasks.selectAll')}
              checked={all}
              mixed={!all && chosen.size > 0}
              onChange={() => onChoose(all ? new Set() : new Set(open.map(({ id }) => id)))}
            />
          </th>
          <th scope="col">{t('tasks.task')}</th>
          <th scope="col" data-narrow="hide">
            {t('tasks.statusLabel')}
          </th>
          <th scope="col" data-narrow="hide">
            {t('tasks.priority')}
          </th>
          <th scope="col" data-narrow="hide">
            {t('tasks.assignee')}
          </th>
          <th scope="col">{t('tasks.due')}</th>
          <th scope="col" data-align="end" data-narrow="hide">
            {t('tasks.arr')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(task => (
          <tr
            key={task.id}
            data-row
            data-active={task.id === active || undefined}
            aria-selected={chosen.has(task.id) || undefined}
          >
            <td className="k-cell-tick" data-narrow="hide">
              {task.mayChange && (
                <Tick
                  aria-label={t('tasks.select', { title: task.title })}
                  checked={chosen.has(task.id)}
                  onFocus={() => onActive(task.id)}
                  onChange={() => onToggle(task.id)}
                />
              )}
            </td>
            <td className="tp-title">
              <button
                type="button"
                className="t-open"
                data-task={task.id}
                onFocus={() => onActive(task.id)}
                onClick={() => onOpen(task.id)}
              >
                {task.title}
              </button>
              {task.customerId && (
                <p>
                  <Link to="/customers/$id" params={{ id: task.customerId }} className="text-t3">
                    {task.customerName}
                  </Link>
                </p>
              )}
            </td>
            <td data-narrow="hide">
              <StatusBadge status={task.status} />
            </td>
            <td data-narrow="hide">
              <PriorityBadge priority={task.priority} />
            </td>
            <td data-narrow="hide">
              <EditCell task={task} field="assignee" onEdit={onEdit}>
                <Owner name={task.assigneeName} />
              </EditCell>
            </td>
            <td className="tp-due">
              <EditCell task={task} field="due" onEdit={onEdit}>
                <TaskDue task={task} />
              </EditCell>
            </td>
            <td data-align="end" data-narrow="hide" className="k-number">
              {task.arr !== null &&
                task.currency !== null &&
                task.arr > 0 &&
                format.shortMoney(task.arr, task.currency)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface EditCellProps {
  task: Task
  field: Editing['field']
  onEdit: (editing: Editing) => void
  children: React.ReactNode
}

function EditCell({ task, field, onEdit, children }: EditCellProps) {
  const t = useText()
  if (!task.mayChange) return children
  return (
    <button
      type="button"
      className="tp-edit"
      title={t(`tasks.editing.${field}`, { title: task.title })}
      onClick={event => onEdit({ task, field, anchor: event.currentTarget })}
    >
      {children}
    </button>
  )
}
