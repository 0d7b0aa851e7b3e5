import { useState } from 'react'
import { listTasks, type Task } from '../../../server/engage/tasks/contract/tasks.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Note } from '../../kit/note.tsx'
import { useShortcut } from '../../kit/shortcuts.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { BulkActions } from './bulk-actions.tsx'
import { CellEditor, type Editing } from './cell-editor.tsx'
import { Filters } from './filters.tsx'
import { queryOf } from './query.ts'
import type { TasksSearch } from './search.ts'
import { TaskTable } from './table.tsx'
import { useMove } from './use-move.ts'
import { useTaskActions } from './use-task-actions.ts'

interface TaskListProps {
  search: TasksSearch
  onChange: (search: TasksSearch) => void
  onOpen: (id: string) => void
  onCreate: () => void
}

/** All tasks as a table: narrowed, ordered, changed in their cells and in bulk. */
export function TaskList({ search, onChange, onOpen, onCreate }: TaskListProps) {
  const t = useText()
  const format = useFormat()
  const mayHandle = useMay('tasks.handle')
  const mine = search.mine ?? (mayHandle && !search.customer ? 'own' : 'all')
  const { rows, problem, more, retry } = useRoutePages(listTasks, {
    query: { ...queryOf(search, mine, format.today()), limit: 100 },
  })
  const isNarrowed = Object.keys(search).some(name => !['view', 'mine', 'open', 'sort'].includes(name))
  return (
    <>
      <Filters search={search} mine={mine} onChange={onChange} />
      {problem && (
        <Note tone="red" alert>
          {wordsOf(problem, t)}{' '}
          <button type="button" className="k-link" onClick={retry}>
            {t('kit.table.retry')}
          </button>
        </Note>
      )}
      {!rows && !problem && <SkeletonRows rows={8} />}
      {rows?.length === 0 && (
        <EmptyState
          title={t(isNarrowed ? 'tasks.none.narrowed' : 'tasks.empty')}
          text={t(isNarrowed ? 'tasks.none.narrowedText' : 'tasks.emptyText')}
          actions={
            isNarrowed ? (
              <Button onClick={() => onChange({ view: 'list', mine: 'all' })}>{t('tasks.showAll')}</Button>
            ) : (
              mayHandle && (
                <Button kind="primary" icon="plus" onClick={onCreate}>
                  {t('tasks.new')}
                </Button>
              )
            )
          }
        />
      )}
      {rows && rows.length > 0 && <Table rows={rows} more={more} onOpen={onOpen} />}
    </>
  )
}

interface TableProps {
  rows: readonly Task[]
  more: { load: () => void; pending: boolean } | undefined
  onOpen: (id: string) => void
}

function Table({ rows, more, onOpen }: TableProps) {
  const t = useText()
  const [active, setActive] = useState<string>()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [editing, setEditing] = useState<Editing>()
  const { complete } = useTaskActions()
  const current = rows.find(({ id }) => id === active)
  const shown = new Set(rows.map(({ id }) => id))
  const ticked = [...chosen].filter(id => shown.has(id))
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  useMove(rows, active)
  useShortcut('x', t('tasks.chooseKey'), 'general', () => current?.mayChange && toggle(current.id))
  useShortcut('e', t('tasks.complete'), 'general', () => {
    if (current?.mayChange && current.status !== 'done' && current.status !== 'cancelled') void complete(current)
  })
  return (
    <>
      <TaskTable
        rows={rows}
        active={active}
        chosen={chosen}
        onToggle={toggle}
        onChoose={setChosen}
        onActive={setActive}
        onOpen={onOpen}
        onEdit={setEditing}
      />
      <div className="k-table-foot">
        <span className="text-t3 tp-keys">{t('tasks.keysHintList')}</span>
        {more && (
          <Button size="small" pending={more.pending} onClick={more.load}>
            {t('tasks.loadMore')}
          </Button>
        )}
      </div>
      {ticked.length > 0 && <BulkActions ids={ticked} onDone={() => setChosen(new Set())} />}
      {editing && <CellEditor editing={editing} onClose={() => setEditing(undefined)} />}
    </>
  )
}
