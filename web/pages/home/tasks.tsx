import { Link, useNavigate } from '@tanstack/react-router'
import { listTasks } from '../../../server/engage/tasks/contract/tasks.ts'
import { useRoute } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import { TaskLines } from '../tasks/task-lines.tsx'

/** More would push the customers out of sight. */
const shown = 6

/** One's own tasks that are late or due today, by what is at stake. */
export function TodayTasks() {
  const t = useText()
  const format = useFormat()
  const navigate = useNavigate()
  const { data } = useRoute(listTasks, {
    query: { mine: 'own', dueTo: format.today(), sort: 'stake', limit: shown },
  })
  if (!data || data.items.length === 0) return null
  return (
    <Section
      title={t('tasks.home')}
      flush
      end={
        <Link to="/tasks" className="k-link">
          {t('tasks.home.all')}
        </Link>
      }
    >
      <TaskLines tasks={data.items} onOpen={open => void navigate({ to: '/tasks', search: { open } })} />
    </Section>
  )
}
