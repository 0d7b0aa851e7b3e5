import { type RawBuilder, sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { isColleague } from '../../../customers/accounts/queries/reach.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import type { TaskFilter, taskSorts } from '../contract/tasks.ts'
import { isActive, itsCustomer, taskFields, taskStake } from './fields.ts'
import { visible } from './reach.ts'

type TaskList = TaskFilter & { sort: (typeof taskSorts)[number]; limit: number; cursor?: string }

const views = { active: isActive, done: sql`t.status in ('done', 'cancelled')`, all: sql`true` }

function conditionsOf(ctx: Context, filter: TaskFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [sql`t.tenant_id = ${ctx.tenantId}`, visible(ctx)]
  if (filter.status) conditions.push(sql`t.status = any(${filter.status.split(',')}::text[])`)
  else conditions.push(views[filter.view])
  if (filter.mine) conditions.push(isColleague(ctx, sql`t.assignee_id`, filter.mine))
  if (filter.teamId) {
    conditions.push(sql`t.assignee_id in (select x.member_id from team_member x
      where x.tenant_id = ${ctx.tenantId} and x.team_id = ${filter.teamId}::uuid)`)
  }
  if (filter.assigneeId) conditions.push(sql`t.assignee_id = ${filter.assigneeId}::uuid`)
  if (filter.nobodys) conditions.push(sql`t.assignee_id is null`)
  if (filter.customerId) conditions.push(sql`t.customer_id = ${filter.customerId}::uuid`)
  if (filter.dueFrom) conditions.push(sql`t.due_on >= ${filter.dueFrom}::date`)
  if (filter.dueTo) conditions.push(sql`t.due_on <= ${filter.dueTo}::date`)
  if (filter.late) conditions.push(sql`${isActive} and t.due_at < ${ctx.now}`)
  if (filter.source) conditions.push(sql`t.source = ${filter.source}`)
  if (filter.priority) conditions.push(sql`t.priority = ${filter.priority}`)
  if (filter.q) {
    const wanted = filter.q.normalize('NFKC').toLowerCase()
    conditions.push(sql`strpos(normalize(lower(concat_ws(' ', t.title, c.name)), nfkc), ${wanted}) > 0`)
  }
  return conditions
}

/** Tasks that the actor may see. */
export async function taskPage(ctx: Context, { sort, limit, cursor, ...filter }: TaskList): Promise<JsonText> {
  const conditions = conditionsOf(ctx, filter)
  const due = sql`coalesce(t.due_at, 'infinity'::timestamptz)`
  const after = readCursor(cursor, 3)
  const sorts = {
    due: { key: sql`t.rank`, at: due, order: sql`${due}, t.rank, t.id` },
    priority: { key: sql`t.rank`, at: due, order: sql`t.rank, ${due}, t.id` },
    stake: { key: taskStake(ctx), at: due, order: sql`${taskStake(ctx)} desc, ${due}, t.id` },
    changed: { key: sql`t.rank`, at: sql`t.updated_at`, order: sql`t.updated_at desc, t.id desc` },
  }[sort]
  if (after) {
    const [key, at, id] = after
    const later = {
      due: () => sql`(${due}, t.rank, t.id) > (${at}::timestamptz, ${key}::smallint, ${id}::uuid)`,
      priority: () => sql`(t.rank, ${due}, t.id) > (${key}::smallint, ${at}::timestamptz, ${id}::uuid)`,
      stake: () => sql`(-${taskStake(ctx)}, ${due}, t.id) > (-(${key}::float8), ${at}::timestamptz, ${id}::uuid)`,
      changed: () => sql`(t.updated_at, t.id) < (${at}::timestamptz, ${id}::uuid)`,
    }
    conditions.push(later[sort]())
  }
  // Which they are is found without their customers where nothing asks for them: an index then gives the order.
  const join = filter.q || sort === 'stake' ? itsCustomer(ctx) : sql``
  const { rows } = await sql<{ item: string; key: number; at: string; id: string }>`
    with chosen as materialized (
      select t.id, ${sorts.key} as key, (${sorts.at})::text as at, row_number() over (order by ${sorts.order}) as place
      from task t ${join} where ${sql.join(conditions, sql` and `)} order by ${sorts.order} limit ${limit + 1})
    select json_build_object(${taskFields(ctx)})::text as item, chosen.key, chosen.at, t.id
    from task t ${itsCustomer(ctx)} join chosen on chosen.id = t.id where t.tenant_id = ${ctx.tenantId} order by chosen.place`.execute(
    ctx.tx,
  )
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  const next = last ? cursorOf([last.key, last.at, last.id]) : null
  return new JsonText(`{"items":[${shown.map(row => row.item).join(',')}],"next":${JSON.stringify(next)}}`)
}

/** What a linked record is called. */
function linkName(ctx: Context): RawBuilder<unknown> {
  const name = ctx.locale === 'ja' ? sql`r.name_ja` : sql`r.name_en`
  const flowName = ctx.locale === 'ja' ? sql`k.name_ja` : sql`k.name_en`
  return sql`case l.kind
    when 'contact' then (select k.name from contact k where k.tenant_id = ${ctx.tenantId} and k.id = l.record_id)
    when 'contract' then (select concat_ws(' ', coalesce(k.plan, k.external_id), k.starts_on) from contract k
      where k.tenant_id = ${ctx.tenantId} and k.id = l.record_id)
    when 'ticket' then (select k.subject from ticket k where k.tenant_id = ${ctx.tenantId} and k.id = l.record_id)
    when 'alert' then (select ${name} from alert k join alert_rule r on r.tenant_id = ${ctx.tenantId} and r.id = k.rule_id
      where k.tenant_id = ${ctx.tenantId} and k.id = l.record_id)
    when 'flow' then (select ${flowName} from flow k where k.tenant_id = ${ctx.tenantId} and k.id = l.record_id)
    when 'plan' then (select k.name from success_plan k where k.tenant_id = ${ctx.tenantId} and k.id = l.record_id)
    when 'review' then (select to_char(k.scheduled_at at time zone company.time_zone, 'YYYY-MM-DD') from business_review k
      join tenant company on company.id = ${ctx.tenantId} where k.tenant_id = ${ctx.tenantId} and k.id = l.record_id)
    else (select k.title from success_plan_milestone k where k.tenant_id = ${ctx.tenantId} and k.id = l.record_id) end`
}

/** One task with its links and history. @throws AppError `not_found` */
export async function oneTask(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select json_build_object(${taskFields(ctx)}, 'description', t.description, 'checklist', t.checklist, 'recurrence', t.recurrence,
      'escalateDays', t.escalate_days, 'contact', t.contact, 'createdByName', ${memberName(ctx, sql`t.created_by`)}, 'doneByName', ${memberName(ctx, sql`t.done_by`)},
      'links', (select coalesce(json_agg(json_build_object('kind', l.kind, 'id', l.record_id, 'name', ${linkName(ctx)}) order by l.kind, l.record_id), '[]')
        from task_link l where l.tenant_id = ${ctx.tenantId} and l.task_id = t.id),
      'steps', (select coalesce(json_agg(json_build_object('id', s.id, 'at', s.at, 'kind', s.kind, 'actorName', ${memberName(ctx, sql`s.actor_id`)},
          'note', s.note, 'from', ${named(ctx, 'from')}, 'to', ${named(ctx, 'to')}) order by s.at desc, s.id desc), '[]')
        from task_step s where s.tenant_id = ${ctx.tenantId} and s.task_id = t.id))::text as item
    from task t ${itsCustomer(ctx)} where t.tenant_id = ${ctx.tenantId} and t.id = ${id} and ${visible(ctx)}`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

/** What a step changed, people and customers by their names. */
function named(ctx: Context, side: 'from' | 'to'): RawBuilder<unknown> {
  const value = sql`coalesce(s.details -> ${sql.lit(side)}, '{}')`
  return sql`${value} || case when ${value} ? 'assigneeId' then jsonb_build_object('assigneeId',
      ${memberName(ctx, sql`(${value} ->> 'assigneeId')::uuid`)}) else '{}' end
    || case when ${value} ? 'customerId' then jsonb_build_object('customerId', (select k.name from customer k
      where k.tenant_id = ${ctx.tenantId} and k.id = (${value} ->> 'customerId')::uuid)) else '{}' end`
}

/** How many tasks are open. */
export async function taskCounts(ctx: Context): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    with shown as materialized (
      select t.due_at, t.due_on, ${isColleague(ctx, sql`t.assignee_id`, 'own')} as own, ${isColleague(ctx, sql`t.assignee_id`, 'team')} as team
      from task t where t.tenant_id = ${ctx.tenantId} and ${isActive} and ${visible(ctx)})
    select json_build_object('today', ${today(ctx)}, 'own', count(*) filter (where s.own),
      'ownLate', count(*) filter (where s.own and s.due_at < ${ctx.now}),
      'ownToday', count(*) filter (where s.own and s.due_on = ${today(ctx)} and s.due_at >= ${ctx.now}),
      'team', count(*) filter (where s.team), 'all', count(*))::text as item from shown s`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}
