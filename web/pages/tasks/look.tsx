import type { Priority, TaskStatus } from '../../../server/engage/tasks/contract/shapes.ts'
import type { Task } from '../../../server/engage/tasks/contract/tasks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge, type Tone } from '../../kit/badge.tsx'
import type { IconName } from '../../kit/icon.tsx'

const priorityLooks: Readonly<Record<Priority, { tone: Tone; icon: IconName }>> = {
  urgent: { tone: 'red', icon: 'warning' },
  high: { tone: 'orange', icon: 'up' },
  medium: { tone: 'line', icon: 'right' },
  low: { tone: 'line', icon: 'down' },
}

const statusLooks: Readonly<Record<TaskStatus, { tone: Tone; icon: IconName }>> = {
  open: { tone: 'plain', icon: 'task' },
  in_progress: { tone: 'accent', icon: 'play' },
  waiting: { tone: 'yellow', icon: 'hold' },
  done: { tone: 'green', icon: 'check' },
  cancelled: { tone: 'line', icon: 'close' },
}

/** How urgent a task is: word, sign and colour. */
export function PriorityBadge({ priority }: { priority: Priority }) {
  const t = useText()
  return (
    <Badge tone={priorityLooks[priority].tone} icon={priorityLooks[priority].icon}>
      {t(`tasks.priority.${priority}`)}
    </Badge>
  )
}

/** How far a task is. */
export function StatusBadge({ status }: { status: TaskStatus }) {
  const t = useText()
  return (
    <Badge tone={statusLooks[status].tone} icon={statusLooks[status].icon}>
      {t(`tasks.status.${status}`)}
    </Badge>
  )
}

type DueProps = Pick<Task, 'dueOn' | 'dueTime' | 'late'>

/** When a task is due; late ones say so. */
export function TaskDue({ task }: { task: DueProps }) {
  const t = useText()
  const format = useFormat()
  if (!task.dueOn) return <span className="text-t3">{t('tasks.noDue')}</span>
  const day = task.dueOn === format.today() ? t('tasks.today') : format.shortDay(task.dueOn)
  const when = task.dueTime ? `${day} ${task.dueTime}` : day
  return (
    <time
      className={task.late ? 'text-red t-due' : 't-due'}
      dateTime={task.dueOn}
      title={[format.weekday(task.dueOn), task.dueTime].filter(Boolean).join(' ')}
    >
      {task.late ? t('tasks.lateSince', { when }) : when}
    </time>
  )
}
