import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { propertiesHold, rawEvents } from '../../../catalog/conditions/queries/behaviour.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { RecordKind } from '../../../platform/context/vocabulary.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'
import type { Trigger } from '../contract/triggers.ts'
import { dateFieldOf } from './dates.ts'
import { zoneOf } from './zone.ts'

/** Triggers that start a flow when something becomes true. */
export type StateTrigger = Extract<Trigger, { kind: 'condition' | 'score' | 'health_band' | 'stage' }>
/** Triggers of what is written down with its time, so that it can be looked for. */
export type RecordTrigger = Extract<Trigger, { kind: 'event' | 'segment' | 'alert' | 'answer' | 'date' }>

export function isState(trigger: Trigger): trigger is StateTrigger {
  return ['condition', 'score', 'health_band', 'stage'].includes(trigger.kind)
}

export function isRecord(trigger: Trigger): trigger is RecordTrigger {
  return ['event', 'segment', 'alert', 'answer', 'date'].includes(trigger.kind)
}

/** The condition that has to become true. Of the other kind of record it is asked by way of the customer. */
export function conditionOf(trigger: StateTrigger, subject: RecordKind): Condition {
  switch (trigger.kind) {
    case 'condition':
      return trigger.condition
    case 'score': {
      const field = { lead: 'leadScore', churn: 'churnScore', health: 'healthScore' }[trigger.score]
      const op = trigger.crosses === 'up' ? 'at_least' : 'at_most'
      return about(subject, trigger.score === 'lead' ? 'contact' : 'customer', { field, op, value: trigger.value })
    }
    case 'health_band':
      return about(subject, 'customer', { field: 'healthBand', op: 'in', value: trigger.bands })
    case 'stage':
      return about(subject, 'contact', { field: 'lifecycleStage', op: 'in', value: [trigger.stage] })
  }
}

function about(subject: RecordKind, record: RecordKind, condition: Condition): Condition {
  if (subject === record) return condition
  return record === 'customer' ? { customer: condition } : { contacts: 'any', where: condition }
}

/** For whom a trigger holds now. @param only a statement of ids to which it keeps */
export function stateMatching(
  ctx: Context,
  trigger: StateTrigger,
  subject: RecordKind,
  only?: RawBuilder<unknown>,
): Promise<RawBuilder<unknown>> {
  return matchingRecords(ctx, subject, conditionOf(trigger, subject), only)
}

/**
 * What was written down since a moment and starts a flow: a statement of `id` and `cause_key`.
 * @throws AppError `invalid_input` where the trigger names what is not there
 */
export async function recordedSince(
  ctx: Context,
  trigger: RecordTrigger,
  subject: RecordKind,
  since: Date,
): Promise<RawBuilder<unknown>> {
  const zone = await zoneOf(ctx)
  switch (trigger.kind) {
    case 'event': {
      const owner = sql.id('u', `${subject}_id`)
      const where = trigger.where?.length ? sql`and ${propertiesHold(trigger.where)}` : sql``
      const feature = trigger.event === '*' ? sql`true` : sql`u.feature = ${trigger.event}`
      // Days before the moment may hold events that arrived late.
      return sql`select ${owner} as id, 'event:' || e.batch_id || ':' || e.place as cause_key
        from usage_daily u ${rawEvents(ctx.tenantId, zone)}
        where u.tenant_id = ${ctx.tenantId} and ${owner} is not null and ${feature} and e.received_at >= ${since}
          and u.day >= (${since}::timestamptz at time zone ${zone})::date - 7 ${where}`
    }
    case 'segment':
      return ofRecord(
        ctx,
        subject,
        sql`select m.record_id, s.record, 'segment:' || extract(epoch from m.at) as cause_key
          from segment s join segment_move m on m.tenant_id = ${ctx.tenantId} and m.segment_id = s.id
          where s.tenant_id = ${ctx.tenantId} and s.key = ${trigger.segment} and m.entered = ${trigger.move === 'entered'} and m.at >= ${since}`,
      )
    case 'alert':
      return ofRecord(
        ctx,
        subject,
        sql`select a.customer_id as record_id, 'customer' as record, 'alert:' || a.id as cause_key
          from alert_rule r join alert a on a.tenant_id = ${ctx.tenantId} and a.rule_id = r.id
          where r.tenant_id = ${ctx.tenantId} and r.key = ${trigger.rule} and a.customer_id is not null and a.opened_at >= ${since}`,
      )
    case 'answer': {
      const owner = sql.id('a', `${subject}_id`)
      // An import of last year's answers is no reason to act on them.
      return sql`select ${owner} as id, 'answer:' || a.id as cause_key from survey_answer a
        where a.tenant_id = ${ctx.tenantId} and ${owner} is not null and a.kind = ${trigger.survey}
          and a.score between ${trigger.least} and ${trigger.most} and a.created_at >= ${since} and a.answered_at >= ${since}::timestamptz - interval '7 days'`
    }
    case 'date': {
      const { day } = await dateFieldOf(ctx, subject, trigger.field)
      const due = sql`(${day} + ${trigger.offsetDays}::int)`
      // A worker that was away for a few days makes up for it.
      const cause = `date:${trigger.field}:${trigger.offsetDays}:`
      return sql`select c.id, ${cause}::text || ${day} as cause_key from ${sql.table(subject)} c
        where c.tenant_id = ${ctx.tenantId} and c.merged_into is null
          and ${due} <= (${ctx.now}::timestamptz at time zone ${zone})::date
          and ${due} >= greatest((${ctx.now}::timestamptz at time zone ${zone})::date - 3, (${since}::timestamptz at time zone ${zone})::date)`
    }
  }
}

/** Subjects of a statement of `record_id`, `record`, `cause_key`: a contact stands for its customer and the other way round. */
export function ofRecord(ctx: Context, subject: RecordKind, records: RawBuilder<unknown>): RawBuilder<unknown> {
  const other =
    subject === 'customer'
      ? sql`select c.customer_id, r.cause_key from (${records}) r
          join contact c on c.tenant_id = ${ctx.tenantId} and c.id = r.record_id and c.customer_id is not null
          where r.record = 'contact'`
      : sql`select c.id, r.cause_key from (${records}) r
          join contact c on c.tenant_id = ${ctx.tenantId} and c.customer_id = r.record_id and c.merged_into is null
          where r.record = 'customer'`
  return sql`select r.record_id as id, r.cause_key from (${records}) r where r.record = ${subject} union ${other}`
}
