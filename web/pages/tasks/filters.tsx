import { useEffect, useState } from 'react'
import { countTasks } from '../../../server/engage/tasks/contract/counts.ts'
import { priorities, taskSources, taskStatuses } from '../../../server/engage/tasks/contract/shapes.ts'
import { listTeams } from '../../../server/platform/identity/contract/company.ts'
import { useRoute } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Segments } from '../../kit/button.tsx'
import { useDebounced } from '../../kit/debounced.ts'
import { Select, TextInput } from '../../kit/field.tsx'
import { type TasksSearch, taskDues, taskSortings } from './search.ts'

interface FiltersProps {
  search: TasksSearch
  mine: 'own' | 'team' | 'all'
  onChange: (search: TasksSearch) => void
  /** A board has its columns by status and its own order. */
  board?: boolean
}

/** Whose tasks, how far, how urgent, until when. */
export function Filters({ search, mine, onChange, board }: FiltersProps) {
  const t = useText()
  const counts = useRoute(countTasks).data
  const teams = useRoute(listTeams, { query: { limit: 200 } }).data?.items ?? []
  const [typed, setTyped] = useState(search.q ?? '')
  const wanted = useDebounced(typed.trim())
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed changes the address
  useEffect(() => {
    if (wanted !== (search.q ?? '')) onChange({ ...search, q: wanted || undefined })
  }, [wanted])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line of filters, each with its own name
    <div className="tp-filters" role="group" aria-label={t('tasks.filters')}>
      <Segments
        label={t('tasks.mine')}
        size="small"
        value={mine}
        onChange={next => onChange({ ...search, mine: next })}
        options={(['own', 'team', 'all'] as const).map(value => ({
          value,
          label: t(`tasks.mine.${value}`, { count: counts?.[value] ?? 0 }),
        }))}
      />
      {!board && (
        <span className="tp-filter">
          <Select
            aria-label={t('tasks.statusLabel')}
            placeholder={t('tasks.status.active')}
            value={search.status ?? ''}
            options={([...taskStatuses, 'closed', 'any'] as const).map(value => ({
              value,
              label: t(`tasks.status.${value}`),
            }))}
            onChange={event =>
              onChange({
                ...search,
                status: ([...taskStatuses, 'closed', 'any'] as const).find(each => each === event.currentTarget.value),
              })
            }
          />
        </span>
      )}
      <span className="tp-filter">
        <Select
          aria-label={t('tasks.due')}
          placeholder={t('tasks.due.any')}
          value={search.due ?? ''}
          options={taskDues.map(value => ({ value, label: t(`tasks.due.${value}`) }))}
          onChange={event => onChange({ ...search, due: taskDues.find(each => each === event.currentTarget.value) })}
        />
      </span>
      <span className="tp-filter">
        <Select
          aria-label={t('tasks.priority')}
          placeholder={t('tasks.priority.any')}
          value={search.priority ?? ''}
          options={priorities.map(value => ({ value, label: t(`tasks.priority.${value}`) }))}
          onChange={event =>
            onChange({ ...search, priority: priorities.find(each => each === event.currentTarget.value) })
          }
        />
      </span>
      <span className="tp-filter">
        <Select
          aria-label={t('tasks.source')}
          placeholder={t('tasks.source.any')}
          value={search.source ?? ''}
          options={taskSources.map(value => ({ value, label: t(`tasks.source.${value}`) }))}
          onChange={event =>
            onChange({ ...search, source: taskSources.find(each => each === event.currentTarget.value) })
          }
        />
      </span>
      {teams.length > 0 && (
        <span className="tp-filter">
          <Select
            aria-label={t('tasks.team')}
            placeholder={t('tasks.team.any')}
            value={search.team ?? ''}
            options={teams.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={event => onChange({ ...search, team: event.currentTarget.value || undefined, mine: 'all' })}
          />
        </span>
      )}
      {!board && (
        <span className="tp-filter">
          <Select
            aria-label={t('tasks.sort')}
            value={search.sort ?? 'due'}
            options={taskSortings.map(value => ({ value, label: t(`tasks.sort.${value}`) }))}
            onChange={event =>
              onChange({ ...search, sort: taskSortings.find(each => each === event.currentTarget.value) })
            }
          />
        </span>
      )}
      <span className="tp-search">
        <TextInput
          icon="search"
          type="search"
          aria-label={t('tasks.search')}
          placeholder={t('tasks.search')}
          maxLength={200}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
        />
      </span>
    </div>
  )
}
