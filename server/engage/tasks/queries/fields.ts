import { type RawBuilder, sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { atStake } from '../../../customers/accounts/queries/stake.ts'
import type { Context } from '../../../platform/context/context.ts'
import { mayChange } from './reach.ts'

/** A condition on `t`: there is still something to do. Written out, as the partial indexes have it. */
export const isActive = sql<boolean>`t.status in ('open', 'in_progress', 'waiting')`

/** Joins the customer of the task `t` as `c`. */
export function itsCustomer(ctx: Context): RawBuilder<unknown> {
  return sql`left join customer c on c.tenant_id = ${ctx.tenantId} and c.id = t.customer_id`
}

/** What is at stake with the task `t`: with its customer `c`, weighted by its priority; nothing without a customer. */
export function taskStake(ctx: Context): RawBuilder<number> {
  return sql`(coalesce(${atStake(ctx)}, 0) * (array[4, 2, 1, 0.5])[t.rank])::float8`
}

export function timeText(minute: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`to_char(make_interval(mins => ${minute}::int), 'HH24:MI')`
}

/** The task `t` of the customer `c` as the contract's fields. */
export function taskFields(ctx: Context): RawBuilder<unknown> {
  return sql`'id', t.id, 'title', t.title, 'customerId', t.customer_id, 'customerName', c.name, 'assigneeId', t.assignee_id,
    'assigneeName', ${memberName(ctx, sql`t.assignee_id`)}, 'dueOn', t.due_on, 'dueTime', ${timeText(sql`t.due_minute`)},
    'dueAt', t.due_at, 'late', coalesce(${isActive} and t.due_at < ${ctx.now}, false), 'priority', t.priority, 'status', t.status,
    'reason', t.reason, 'items', jsonb_array_length(t.checklist),
    'itemsDone', jsonb_array_length(jsonb_path_query_array(t.checklist, '$[*] ? (@.done == true)')),
    'repeats', t.recurrence is not null, 'source', t.source, 'arr', c.arr, 'currency', c.currency, 'healthScore', c.health_score,
    'renewalOn', c.renewal_on, 'stake', ${taskStake(ctx)}, 'doneAt', t.done_at, 'createdAt', t.created_at,
    'updatedAt', t.updated_at, 'mayChange', ${mayChange(ctx)}`
}
