import { priorities, taskStatuses } from '../../../server/engage/tasks/contract/shapes.ts'
import type { Format } from '../../i18n/format.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import type { Text } from '../../i18n/text.ts'
import type { WholeTask } from './task-dialog.tsx'

type Step = WholeTask['steps'][number]

const named = [
  'title',
  'description',
  'customerId',
  'assigneeId',
  'dueOn',
  'dueTime',
  'priority',
  'status',
  'reason',
  'checklist',
  'recurrence',
  'escalateDays',
] as const

/** What became of a task, and what colleagues say about it, latest first. */
export function TaskSteps({ steps }: { steps: readonly Step[] }) {
  const t = useText()
  const format = useFormat()
  return (
    <ol className="t-steps">
      {steps.map(step => (
        <li key={step.id}>
          <span>
            <strong>{t(`tasks.step.${step.kind}`)}</strong>{' '}
            <span className="text-t3">{step.actorName ?? t('tasks.bySystem')}</span>
          </span>
          <time className="text-t3" title={format.dateTime(step.at)}>
            {format.relative(step.at)}
          </time>
          {step.note && <p>{step.note}</p>}
          {changes(step, t, format).map(line => (
            <p key={line}>{line}</p>
          ))}
        </li>
      ))}
    </ol>
  )
}

function changes({ from, to }: Step, t: Text, format: Format): string[] {
  return Object.keys(to).flatMap(name => {
    const field = named.find(each => each === name)
    if (!field) return []
    const label = t(`tasks.field.${field}`)
    // Long texts and lists say only that they are another.
    if (field === 'description' || field === 'checklist' || field === 'recurrence') return [label]
    const words = (value: unknown) => valueWords(field, value, t, format)
    return [t('tasks.fromTo', { label, from: words(from[name]), to: words(to[name]) })]
  })
}

function valueWords(field: (typeof named)[number], value: unknown, t: Text, format: Format): string {
  if (value === null || value === undefined || value === '') return t('tasks.none')
  const status = taskStatuses.find(each => field === 'status' && each === value)
  if (status) return t(`tasks.status.${status}`)
  const priority = priorities.find(each => field === 'priority' && each === value)
  if (priority) return t(`tasks.priority.${priority}`)
  return field === 'dueOn' ? format.day(String(value)) : String(value)
}
