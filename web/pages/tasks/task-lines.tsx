import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Task } from '../../../server/engage/tasks/contract/tasks.ts'
import { Owner } from '../../features/record/owner.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Tick } from '../../kit/field.tsx'
import { Icon } from '../../kit/icon.tsx'
import { PriorityBadge, TaskDue } from './look.tsx'
import './tasks.css'
import { useTaskActions } from './use-task-actions.ts'

interface TaskLinesProps {
  tasks: readonly Task[]
  onOpen: (id: string) => void
  /** Where the keyboard is. */
  onActive?: (id: string) => void
  /** On a customer's own page its name says nothing. */
  withoutCustomer?: boolean
  /** Whose they are, where they are of several. */
  withAssignee?: boolean
}

/** Tasks one below the other, to be ticked off. */
export function TaskLines({ tasks, onOpen, onActive, withoutCustomer, withAssignee }: TaskLinesProps) {
  const t = useText()
  const format = useFormat()
  const { complete, reopen } = useTaskActions()
  // Ticked at once; the server's word follows.
  const [ticking, setTicking] = useState<string>()
  const tick = async (task: Task, isClosed: boolean) => {
    setTicking(task.id)
    await (isClosed ? reopen(task.id) : complete(task))
    setTicking(undefined)
  }
  return (
    <ul className="t-lines">
      {tasks.map(task => {
        const isClosed = task.status === 'done' || task.status === 'cancelled'
        return (
          <li key={task.id} data-closed={isClosed || undefined}>
            <Tick
              aria-label={t(isClosed ? 'tasks.reopenNamed' : 'tasks.completeNamed', { title: task.title })}
              checked={isClosed !== (ticking === task.id)}
              disabled={!task.mayChange}
              onFocus={() => onActive?.(task.id)}
              onChange={() => void tick(task, isClosed)}
            />
            <div>
              <button
                type="button"
                className="t-open"
                data-task={task.id}
                onFocus={() => onActive?.(task.id)}
                onClick={() => onOpen(task.id)}
              >
                {task.title}
              </button>
              <p className="text-t3">
                {!withoutCustomer && task.customerId && (
                  <Link to="/customers/$id" params={{ id: task.customerId }}>
                    {task.customerName}
                  </Link>
                )}
                {!withoutCustomer && task.arr !== null && task.currency !== null && task.arr > 0 && (
                  <span>{format.shortMoney(task.arr, task.currency)}</span>
                )}
                {task.items > 0 && (
                  <span>
                    <Icon name="check" size="tiny" /> {task.itemsDone}/{task.items}
                  </span>
                )}
                {task.repeats && (
                  <span>
                    <Icon name="refresh" size="tiny" /> {t('tasks.repeatsShort')}
                  </span>
                )}
                {task.status === 'waiting' && <span>{t('tasks.waitsFor', { reason: task.reason ?? '' })}</span>}
              </p>
            </div>
            {withAssignee && (
              <span className="t-wide">
                <Owner name={task.assigneeName} />
              </span>
            )}
            <span className="t-wide">
              <PriorityBadge priority={task.priority} />
            </span>
            <TaskDue task={task} />
          </li>
        )
      })}
    </ul>
  )
}
