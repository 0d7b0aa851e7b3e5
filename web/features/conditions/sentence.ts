import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import type { Format } from '../../i18n/format.ts'
import type { Text } from '../../i18n/text.ts'
import type { FilterField } from './fields.ts'
import { phraseOf } from './phrase.ts'

/** What words a sentence is made of. */
export interface Speech {
  t: Text
  format: Format
  /** Fields of customers and contacts. */
  fields: readonly FilterField[]
}

/** A condition as a sentence that a person would read aloud. */
export function sentenceOf(condition: Condition, speech: Speech): string {
  const { t, format, fields } = speech
  const joined = (parts: readonly Condition[], word: 'and' | 'or') =>
    parts.length === 0
      ? t('conditions.everybody')
      : parts.map(part => bracketed(part, speech)).join(t(`conditions.${word}`))
  if ('all' in condition) return joined(condition.all, 'and')
  if ('any' in condition) return joined(condition.any, 'or')
  if ('not' in condition) return t('conditions.not', { part: sentenceOf(condition.not, speech) })
  if ('field' in condition) {
    const field = fields.find(each => each.id === condition.field)
    return t('conditions.field', {
      field: field?.label ?? condition.field,
      value: phraseOf(condition, field, t, format),
    })
  }
  if ('metric' in condition) {
    const field = fields.find(each => each.id.startsWith('metrics.') && each.id.endsWith(condition.metric))
    return t(`conditions.metricChange.${condition.change}`, {
      metric: field?.label ?? condition.metric,
      by: format.number(condition.by),
      unit: t(`conditions.in.${condition.in}`),
      days: condition.days,
    })
  }
  if ('customer' in condition) return t('conditions.ofCustomer', { part: sentenceOf(condition.customer, speech) })
  if ('contacts' in condition) {
    const part = condition.where ? sentenceOf(condition.where, speech) : t('conditions.everybody')
    if (condition.contacts !== 'count') return t(`conditions.contacts.${condition.contacts}`, { part })
    return t(`conditions.contactCount.${condition.op}`, { part, value: condition.value })
  }
  const event = condition.event === '*' ? t('conditions.anyUse') : condition.event
  const properties = (condition.where ?? [])
    .map(({ property, op, value }) =>
      t('conditions.property', { property, op: t(`conditions.propertyOp.${op}`), value: String(value ?? '') }),
    )
    .join(t('conditions.and'))
  const what = properties ? t('conditions.eventWith', { event, properties }) : event
  if ('when' in condition) {
    const value = typeof condition.value === 'number' ? condition.value : 0
    const day = typeof condition.value === 'string' ? format.day(condition.value) : ''
    return t(`conditions.${condition.when}.${condition.op}`, { event: what, days: value, day })
  }
  if ('change' in condition) {
    return t(`conditions.eventChange.${condition.change}`, {
      event: what,
      percent: format.number(condition.percent),
      days: condition.days,
    })
  }
  const since = condition.days === undefined ? t('conditions.ever') : t('conditions.lastDays', { days: condition.days })
  const times = t(`conditions.count.${condition.count ?? 'events'}`, { times: condition.times ?? 0 })
  return t(`conditions.did.${condition.did}`, { event: what, since, times })
}

/** Groups inside of others stand in brackets. */
function bracketed(part: Condition, speech: Speech): string {
  const text = sentenceOf(part, speech)
  const isCompound = ('all' in part && part.all.length > 1) || ('any' in part && part.any.length > 1)
  return isCompound ? speech.t('conditions.brackets', { part: text }) : text
}
