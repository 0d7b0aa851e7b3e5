import { type DragEvent, type KeyboardEvent, useState } from 'react'
import { type TaskStatus, taskStatuses } from '../../../server/engage/tasks/contract/shapes.ts'
import { listTasks, type Task } from '../../../server/engage/tasks/contract/tasks.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Avatar } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Filters } from './filters.tsx'
import { PriorityBadge, TaskDue } from './look.tsx'
import { queryOf } from './query.ts'
import { ReasonDialog } from './reason-dialog.tsx'
import type { TasksSearch } from './search.ts'
import { useTaskActions } from './use-task-actions.ts'
import { useTouchDrag } from './use-touch-drag.ts'

const columns = ['open', 'in_progress', 'waiting', 'done'] as const
/** The type under which a card travels while it is dragged. */
const dragType = 'application/x-kizuna-task'

interface BoardProps {
  search: TasksSearch
  onChange: (search: TasksSearch) => void
  onOpen: (id: string) => void
}

/** Tasks by how far they are. Cards are dragged, moved by Shift and arrow keys, or by their menu. */
export function Board({ search, onChange, onOpen }: BoardProps) {
  const t = useText()
  const mayHandle = useMay('tasks.handle')
  const mine = search.mine ?? (mayHandle ? 'own' : 'all')
  const { change, changeNow, complete } = useTaskActions()
  const [asked, setAsked] = useState<{ id: string; status: 'waiting' | 'cancelled' }>()
  const [told, setTold] = useState('')
  const move = async (task: Pick<Task, 'id' | 'title' | 'status'>, status: TaskStatus) => {
    if (task.status === status) return
    if (status === 'waiting' || status === 'cancelled') return setAsked({ id: task.id, status })
    await (status === 'done' ? complete(task) : change(task.id, { status }))
    setTold(t('tasks.moved', { title: task.title, status: t(`tasks.status.${status}`) }))
  }
  return (
    <>
      <Filters search={search} mine={mine} onChange={onChange} board />
      <p className="text-t3 tp-keys">{t('tasks.board.hint')}</p>
      <div className="tp-board">
        {columns.map(status => (
          <BoardColumn key={status} status={status} search={search} mine={mine} onOpen={onOpen} onMove={move} />
        ))}
      </div>
      <span className="k-hidden" role="status">
        {told}
      </span>
      {asked && (
        <ReasonDialog
          status={asked.status}
          count={1}
          onSave={reason => changeNow(asked.id, { status: asked.status, reason })}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  )
}

type Move = (task: Pick<Task, 'id' | 'title' | 'status'>, status: TaskStatus) => Promise<void>

interface ColumnProps {
  status: (typeof columns)[number]
  search: TasksSearch
  mine: 'own' | 'team' | 'all'
  onOpen: (id: string) => void
  onMove: Move
}

function BoardColumn({ status, search, mine, onOpen, onMove }: ColumnProps) {
  const t = useText()
  const format = useFormat()
  const [isOver, setIsOver] = useState(false)
  const { rows, more, problem } = useRoutePages(listTasks, {
    query: {
      ...queryOf({ ...search, status }, mine, format.today()),
      sort: status === 'done' ? 'changed' : 'due',
      limit: status === 'done' ? 20 : 50,
    },
  })
  const carries = (event: DragEvent) => event.dataTransfer.types.includes(dragType)
  const drop = (event: DragEvent) => {
    setIsOver(false)
    if (!carries(event)) return
    event.preventDefault()
    const task: Pick<Task, 'id' | 'title' | 'status'> = JSON.parse(event.dataTransfer.getData(dragType))
    void onMove(task, status)
  }
  return (
    <section
      className="tp-column"
      aria-label={t(`tasks.status.${status}`)}
      data-over={isOver || undefined}
      data-status={status}
      onDragOver={event => {
        if (!carries(event)) return
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={event => !event.currentTarget.contains(event.relatedTarget as Node | null) && setIsOver(false)}
      onDrop={drop}
    >
      <h2>
        {t(`tasks.status.${status}`)} <small>{rows && `${rows.length}${more ? '+' : ''}`}</small>
      </h2>
      {problem && <Note tone="red">{wordsOf(problem, t)}</Note>}
      {!rows && !problem && <SkeletonRows rows={3} />}
      <ul>
        {rows?.map(task => (
          <Card key={task.id} task={task} onOpen={onOpen} onMove={onMove} />
        ))}
      </ul>
      {rows?.length === 0 && <p className="text-t3 tp-nothing">{t('tasks.board.nothing')}</p>}
      {more && (
        <Button size="small" kind="quiet" pending={more.pending} onClick={more.load}>
          {t('tasks.loadMore')}
        </Button>
      )}
    </section>
  )
}

function Card({ task, onOpen, onMove }: { task: Task; onOpen: (id: string) => void; onMove: Move }) {
  const t = useText()
  const drag = useTouchDrag<HTMLLIElement>({
    attribute: 'data-status',
    disabled: !task.mayChange,
    onDrop: target => {
      const status = columns.find(each => each === target)
      if (status) void onMove(task, status)
    },
  })
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (!event.shiftKey || step === 0 || !task.mayChange) return
    const next = columns[(columns as readonly TaskStatus[]).indexOf(task.status) + step]
    event.preventDefault()
    if (next) void onMove(task, next)
  }
  return (
    <li
      ref={drag}
      className="tp-card"
      draggable={task.mayChange}
      // A finger carries by itself: the browser shall not begin its own.
      onPointerDown={event => {
        event.currentTarget.draggable = task.mayChange && event.pointerType === 'mouse'
      }}
      onDragStart={event => {
        const { id, title, status } = task
        event.dataTransfer.setData(dragType, JSON.stringify({ id, title, status }))
        event.dataTransfer.effectAllowed = 'move'
      }}
    >
      <button
        type="button"
        className="t-open"
        data-task={task.id}
        aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
        onKeyDown={onKey}
        onClick={() => onOpen(task.id)}
      >
        {task.title}
      </button>
      {task.mayChange && (
        <Menu trigger={<IconButton icon="more" label={t('tasks.moveNamed', { title: task.title })} />}>
          {taskStatuses
            .filter(status => status !== task.status)
            .map(status => (
              <MenuItem key={status} onSelect={() => void onMove(task, status)}>
                {t('tasks.moveTo', { status: t(`tasks.status.${status}`) })}
              </MenuItem>
            ))}
        </Menu>
      )}
      {task.customerName && <p className="text-t3 truncate">{task.customerName}</p>}
      {task.status === 'waiting' && task.reason && <p className="text-t2">{task.reason}</p>}
      <div>
        <PriorityBadge priority={task.priority} />
        <TaskDue task={task} />
        {task.items > 0 && (
          <span className="text-t3">
            <Icon name="check" size="tiny" /> {task.itemsDone}/{task.items}
          </span>
        )}
        {task.repeats && (
          <span className="text-t3">
            <Icon name="refresh" size="tiny" /> {t('tasks.repeatsShort')}
          </span>
        )}
        {task.assigneeName && (
          <span className="tp-who" title={task.assigneeName}>
            <Avatar name={task.assigneeName} />
            <span className="k-hidden">{task.assigneeName}</span>
          </span>
        )}
      </div>
    </li>
  )
}
