import { permissions } from '../../../../server/platform/permissions/contract.ts'
import { roleOf } from '../../../features/identity/role-options.ts'
import type { Format } from '../../../i18n/format.ts'
import type { Text } from '../../../i18n/text.ts'

/** Actions that have words; any other is shown by its name. */
const actions = [
  'account.changed',
  'advocacy_activity.changed',
  'advocacy_activity.created',
  'advocacy_activity.deleted',
  'alert.noted',
  'alert_rule.changed',
  'alert_rule.created',
  'alert_rule.deleted',
  'scoring_rule.changed',
  'scoring_rule.created',
  'scoring_rule.deleted',
  'scoring_settings.changed',
  'alerts.acknowledged',
  'alerts.assigned',
  'alerts.reopened',
  'alerts.resolved',
  'alerts.snoozed',
  'alerts.woke',
  'notice_channel.changed',
  'notice_channel.created',
  'notice_channel.deleted',
  'notice_channel.tested',
  'notice_delivery.retried',
  'notice_preferences.changed',
  'api_key.created',
  'api_key.revoked',
  'attribute.changed',
  'attribute.created',
  'attribute.deleted',
  'audit.exported',
  'backup.made',
  'backup.restored',
  'business_review.changed',
  'business_review.created',
  'business_review.deleted',
  'communication.changed',
  'communication.created',
  'communication.deleted',
  'company.changed',
  'company.created',
  'contact.changed',
  'contact.created',
  'contact.deleted',
  'contact.merge_undone',
  'contact.merged',
  'contacts.exported',
  'contacts.saved',
  'contract.changed',
  'contract.created',
  'contract.deleted',
  'customer.changed',
  'customer.created',
  'customer.deleted',
  'customer.merge_undone',
  'customer.merged',
  'customer.profile_changed',
  'customer.tier_pinned',
  'customers.bulk_changed',
  'customers.exported',
  'customers.handed_over',
  'customers.handover_undone',
  'customers.saved',
  'duplicate.dismissed',
  'health_score.created',
  'import.cancelled',
  'import.checked',
  'import.created',
  'import.deleted',
  'import.file_refused',
  'import.finished',
  'import.mapped',
  'import.started',
  'import.undone',
  'import_mapping.changed',
  'import_mapping.created',
  'import_mapping.deleted',
  'ingest.retention_changed',
  'invitation.accepted',
  'invitation.resent',
  'invitation.revoked',
  'invitation.sent',
  'invoice.changed',
  'invoice.created',
  'invoice.deleted',
  'job.cancelled',
  'job.retried',
  'member.joined',
  'member.removed',
  'member.role_changed',
  'password.changed',
  'password.refused',
  'password.reset',
  'payment.changed',
  'payment.created',
  'payment.deleted',
  'request.refused',
  'second_factor.disabled',
  'second_factor.enabled',
  'second_factor.recovery_code_used',
  'second_factor.recovery_codes_renewed',
  'second_factor.refused',
  'secrets.rotated',
  'session.others_revoked',
  'session.revoked',
  'session.sign_in_failed',
  'session.signed_in',
  'session.signed_out',
  'source.created',
  'source.disabled',
  'source.enabled',
  'source.key_revealed',
  'source.key_rotated',
  'source.updated',
  'success_plan.changed',
  'success_plan.created',
  'success_plan.deleted',
  'survey_answer.changed',
  'survey_answer.created',
  'survey_answer.deleted',
  'tag.created',
  'tag.deleted',
  'tag.renamed',
  'team.changed',
  'team.created',
  'team.deleted',
  'ticket.changed',
  'ticket.created',
  'ticket.deleted',
  'tiers.changed',
  'view.changed',
  'view.created',
  'view.deleted',
  'webhook.created',
  'webhook.disabled',
  'webhook.enabled',
  'webhook.followed',
  'webhook.refused',
  'webhook.secret_rotated',
  'webhook.updated',
] as const

const subjectKinds = [
  'advocacy_activity',
  'alert',
  'alert_rule',
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

const details = [
  'alerts',
  'by',
  'columns',
  'created',
  'customer',
  'customers',
  'fields',
  'filters',
  'format',
  'from',
  'job',
  'key',
  'kind',
  'level',
  'measure',
  'member',
  'members',
  'merged',
  'milestones',
  'moved',
  'name',
  'operation',
  'preset',
  'reason',
  'record',
  'renamed',
  'role',
  'scopes',
  'score',
  'slug',
  'takenAt',
  'tier',
  'to',
  'type',
  'updated',
  'version',
] as const

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
  if (permission) return t(`roles.permission.${permission}`)
  const field = fields.find(each => each === value)
  if (field) return t(`audit.field.${field}`)
  return memberNames.get(value) ?? value
}
