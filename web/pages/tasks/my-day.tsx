import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { countTasks } from '../../../server/engage/tasks/contract/counts.ts'
import { listTasks, type Task } from '../../../server/engage/tasks/contract/tasks.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { addDays } from '../../kit/calendar.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { useShortcut } from '../../kit/shortcuts.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { TaskLines } from './task-lines.tsx'
import { useMove } from './use-move.ts'
import { useTaskActions } from './use-task-actions.ts'

interface MyDayProps {
  counts: RouteReply<typeof countTasks> | undefined
  onOpen: (id: string) => void
  onCreate: (() => void) | undefined
}

/** One's own work: what is late, what is due today and in the week, by what is at stake. */
export function MyDay({ counts, onOpen, onCreate }: MyDayProps) {
  const t = useText()
  if (!counts) return <SkeletonRows rows={8} />
  return counts.own === 0 ? (
    <EmptyState
      title={t('tasks.day.empty')}
      text={t('tasks.day.emptyText')}
      actions={
        <>
          {onCreate && (
            <Button kind="primary" icon="plus" onClick={onCreate}>
              {t('tasks.new')}
            </Button>
          )}
          <Link to="/tasks" search={{ view: 'list', mine: 'all' }} className="k-button">
            {t('tasks.day.toAll')}
          </Link>
        </>
      }
    />
  ) : (
    <Day counts={counts} onOpen={onOpen} />
  )
}

function Day({ counts, onOpen }: { counts: RouteReply<typeof countTasks>; onOpen: (id: string) => void }) {
  const t = useText()
  const { today } = counts
  const { data, error } = useRoute(listTasks, {
    query: { mine: 'own', sort: 'stake', dueTo: addDays(today, 6), limit: 200 },
  })
  const [active, setActive] = useState<string>()
  const { complete } = useTaskActions()
  const tasks = data?.items ?? []
  const groups: [string, Task[]][] = [
    [t('tasks.day.late'), tasks.filter(({ late }) => late)],
    [t('tasks.day.today'), tasks.filter(({ late, dueOn }) => !late && dueOn === today)],
    [t('tasks.day.week'), tasks.filter(({ late, dueOn }) => !late && dueOn !== today)],
  ]
  const shown = groups.flatMap(([, own]) => own)
  useMove(shown, active)
  useShortcut('e', t('tasks.complete'), 'general', () => {
    const task = shown.find(({ id }) => id === active)
    if (task?.mayChange) void complete(task)
  })
  const others = counts.own - tasks.length
  if (error && !data)
    return (
      <Note tone="red" alert>
        {wordsOf(error, t)}
      </Note>
    )
  if (!data) return <SkeletonRows rows={8} />
  return (
    <>
      {groups.map(
        ([title, own]) =>
          own.length > 0 && (
            <Section key={title} title={title} note={t('tasks.day.ranked', { count: own.length })} flush>
              <TaskLines tasks={own} onOpen={onOpen} onActive={setActive} />
            </Section>
          ),
      )}
      {shown.length === 0 && <p className="tp-calm">{t('tasks.day.calm')}</p>}
      <div className="k-table-foot">
        <span className="text-t3 tp-keys">{t('tasks.keysHint')}</span>
        {others > 0 && (
          <Link to="/tasks" search={{ view: 'list', mine: 'own' }} className="k-link">
            {t('tasks.day.others', { count: others })}
          </Link>
        )}
      </div>
    </>
  )
}
