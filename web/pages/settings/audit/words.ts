import { permissions } from '../../../../server/platform/permissions/contract.ts'
import { roleOf } from '../../../features/identity/role-options.ts'
import type { Format } from '../../../i18n/format.ts'
import type { Text } from '../../../i18n/text.ts'
import { actions } from './actions.ts'
import { details } from './details.ts'

const subjectKinds = [
  'blueprint',
  'metric',
  'scorecard',
  'risk_signal',
  'churn_model',
  'segment',
  'advocacy_activity',
  'alert',
  'alert_rule',
  'campaign',
  'in_app',
  'mail_provider',
  'message_block',
  'message_sender',
  'message_suppression',
  'message_template',
  'message_topic',
  'task',
  'task_calendar',
  'flow',
  'flow_request',
  'scoring_rule',
  'api_key',
  'attribute',
  'bulk',
  'business_review',
  'communication',
  'company',
  'contact',
  'contract',
  'customer',
  'handover',
  'health_score',
  'import',
  'import_mapping',
  'invitation',
  'invoice',
  'kpi_target',
  'lifecycle_stage',
  'member',
  'notice_channel',
  'notice_delivery',
  'payment',
  'source',
  'success_plan',
  'survey_answer',
  'tag',
  'team',
  'ticket',
  'user',
  'view',
  'webhook_endpoint',
] as const
const actorKinds = ['member', 'api_key', 'system', 'person'] as const

const fields = ['name', 'slug', 'locale', 'timeZone', 'currency', 'fiscalYearStart'] as const

/** What happened, in words; the name of the action where it has none. */
export function actionWords(action: string, t: Text): string {
  const known = actions.find(each => each === action)
  return known ? t(`audit.action.${known}`) : action
}

export function subjectKindWords(kind: string, t: Text): string {
  const known = subjectKinds.find(each => each === kind)
  return known ? t(`audit.subject.${known}`) : kind
}

export function actorKindWords(kind: (typeof actorKinds)[number], t: Text): string {
  return t(`audit.actor.${kind}`)
}

export function detailName(name: string, t: Text): string {
  const known = details.find(each => each === name)
  return known ? t(`audit.detail.${known}`) : name
}

/**
 * A value of the details as somebody reads it: roles, permissions, fields and members by their names, lists joined.
 * @param memberNames by id
 */
export function detailValue(value: unknown, t: Text, format: Format, memberNames: ReadonlyMap<string, string>): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no')
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) {
    if (value.length === 0) return t('audit.noneListed')
    return format.list(value.map(each => detailValue(each, t, format, memberNames)))
  }
  if (typeof value !== 'string') return JSON.stringify(value)
  const role = roleOf(value)
  if (role) return t(`roles.${role}`)
  const permission = permissions.find(each => each === value)
  if (permission) return t(`permissions.${permission}`)
  const field = fields.find(each => each === value)
  if (field) return t(`audit.field.${field}`)
  return memberNames.get(value) ?? value
}
