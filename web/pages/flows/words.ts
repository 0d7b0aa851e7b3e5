import type { Step, StepKind } from '../../../server/engage/flows/contract/steps.ts'
import type { Trigger } from '../../../server/engage/flows/contract/triggers.ts'
import type { Assignment } from '../../../server/engage/tasks/contract/shapes.ts'
import { type Speech, sentenceOf } from '../../features/conditions/sentence.ts'
import type { Locale } from '../../i18n/locale.ts'
import type { Text } from '../../i18n/text.ts'
import type { IconName } from '../../kit/icon.tsx'

export const stepIcons: Readonly<Record<StepKind, IconName>> = {
  wait: 'clock',
  wait_date: 'calendar',
  wait_working_hour: 'clock',
  wait_condition: 'hold',
  branch: 'branch',
  split: 'branch',
  task: 'task',
  call: 'phone',
  approval: 'shield',
  webhook: 'bolt',
  provision: 'bolt',
  change: 'note',
  assign: 'user',
  notice: 'bell',
  email: 'mail',
  in_app: 'eye',
  meeting: 'calendar',
  certificate: 'star',
  end: 'exit',
}

/** In the order in which they are offered. */
export const stepGroups: readonly { name: 'act' | 'wait' | 'decide' | 'data'; kinds: readonly StepKind[] }[] = [
  { name: 'act', kinds: ['email', 'in_app', 'task', 'call', 'meeting', 'notice', 'approval', 'certificate'] },
  { name: 'wait', kinds: ['wait', 'wait_date', 'wait_working_hour', 'wait_condition'] },
  { name: 'decide', kinds: ['branch', 'split', 'end'] },
  { name: 'data', kinds: ['change', 'assign', 'webhook', 'provision'] },
]

/** A text of a step as it is said to one customer or contact. */
export function saidTo(
  text: string,
  { subjectName, customerName }: { subjectName: string; customerName: string | null },
) {
  return text.replaceAll('{name}', subjectName).replaceAll('{customer}', customerName ?? subjectName)
}

export interface FlowSpeech extends Speech {
  locale: Locale
}

/** What a step does, in a few words, where nobody gave it a name. */
export function stepWords(step: Step, speech: FlowSpeech): string {
  const { t, format, locale, fields } = speech
  const fieldName = (key: string) => fields.find(field => field.id === key)?.label ?? key
  switch (step.kind) {
    case 'wait':
      return t('flows.says.wait', { length: t(`flows.unit.${step.unit}`, { count: step.amount }) })
    case 'wait_date':
      return t('flows.says.date', {
        field: step.field === '' ? t('flows.unset') : fieldName(step.field),
        when: offsetWords(step.offsetDays, t),
      })
    case 'wait_working_hour':
      return t('flows.says.workingHour', { from: step.from, until: step.until })
    case 'wait_condition':
      return t('flows.says.until', {
        condition: sentenceOf(step.condition, speech),
        days: format.number(step.timeoutDays),
      })
    case 'branch':
      return step.cases.map(({ name, condition }) => name || sentenceOf(condition, speech)).join(' / ')
    case 'split':
      return step.arms.map(({ name, weight }) => `${name} ${weight}`).join(' : ')
    case 'task':
    case 'call':
    case 'meeting':
      return step.title || t('flows.unset')
    case 'approval':
      return step.question || t('flows.unset')
    case 'webhook':
      return step.channel || t('flows.unset')
    case 'email':
      return step.template || t('flows.unset')
    case 'in_app':
      return step.message || t('flows.unset')
    case 'provision':
      return step.action
    case 'change':
      return step.changes.map(change => changeWords(change, fieldName, t)).join(' · ')
    case 'assign':
      return assignmentWords(step.to, t)
    case 'notice':
    case 'certificate':
      return step.title[locale] || t('flows.unset')
    default:
      return t('flows.says.end')
  }
}

function changeWords(
  change: Extract<Step, { kind: 'change' }>['changes'][number],
  fieldName: (key: string) => string,
  t: Text,
): string {
  switch (change.kind) {
    case 'add_tag':
      return t('flows.says.addTag', { tag: change.tag })
    case 'remove_tag':
      return t('flows.says.removeTag', { tag: change.tag })
    case 'stage':
      return t('flows.says.stage', { stage: change.stage })
    case 'field':
      return t('flows.says.set', { field: fieldName(change.field), value: String(change.value ?? '–') })
    default:
      return t('flows.says.set', { field: fieldName(`attributes.${change.key}`), value: String(change.value ?? '–') })
  }
}

/** "30 days before", "60 days after", "on the day". */
function offsetWords(days: number, t: Text): string {
  if (days === 0) return t('flows.onDay')
  return t(days < 0 ? 'flows.before' : 'flows.after', { days: Math.abs(days) })
}

function assignmentWords(assignment: Assignment, t: Text): string {
  if (assignment.kind === 'role') return t('flows.says.role', { role: t(`roles.${assignment.role}`) })
  return t(`flows.assign.${assignment.kind}`)
}

/** What brings somebody in, in a few words. */
export function triggerWords(trigger: Trigger, speech: FlowSpeech): string {
  const { t, fields } = speech
  switch (trigger.kind) {
    case 'event':
      return t('flows.when.event', { event: trigger.event || t('flows.unset') })
    case 'happening':
      return t(`flows.happening.${trigger.type}`)
    case 'condition':
      return t('flows.when.condition', { condition: sentenceOf(trigger.condition, speech) })
    case 'segment':
      return t(trigger.move === 'entered' ? 'flows.when.entered' : 'flows.when.left', {
        segment: trigger.segment || t('flows.unset'),
      })
    case 'score':
      return t(trigger.crosses === 'up' ? 'flows.when.up' : 'flows.when.down', {
        score: t(`flows.score.${trigger.score}`),
        value: String(trigger.value),
      })
    case 'health_band':
      return t('flows.when.band', { bands: trigger.bands.join(', ') })
    case 'alert':
      return t('flows.when.alert', { rule: trigger.rule || t('flows.unset') })
    case 'answer':
      return t('flows.when.answer', { survey: trigger.survey, least: trigger.least, most: trigger.most })
    case 'date':
      return t('flows.says.date', {
        field: fields.find(field => field.id === trigger.field)?.label ?? (trigger.field || t('flows.unset')),
        when: offsetWords(trigger.offsetDays, t),
      })
    case 'stage':
      return t('flows.when.stage', { stage: trigger.stage || t('flows.unset') })
    case 'schedule':
      return t('flows.when.schedule', { cron: trigger.cron })
    default:
      return t(`flows.when.${trigger.kind}`)
  }
}

const named = ['met', 'timeout', 'otherwise', 'approved', 'refused', 'silent', 'done', 'failed', 'next'] as const

/** What a way is called that nobody named. */
export function wayWords(way: string, t: Text): string {
  const [kind, place] = way.split(':')
  if (kind === 'case') return t('flows.case', { number: Number(place) + 1 })
  return t(`flows.way.${named.find(each => each === way) ?? 'next'}`)
}
