import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { type Context, permissionScope, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import type { listJourneys } from '../contract/journeys.ts'

/** A condition on `c`: the actor may act on its onboarding. */
function changeable(ctx: Context): RawBuilder<boolean> {
  const scope = permissionScope(ctx.actor, 'onboarding.handle')
  return scope ? withinReach(ctx, scope) : sql`false`
}

/** The fields of a journey `j` of a customer `c`, with its template `t`, version `v` and phase `p`, as lists show it. */
export function journeyFields(ctx: Context): RawBuilder<unknown> {
  const phase = sql`(v.definition -> 'phases' -> p.place::int)`
  return sql`'id', j.id, 'customerId', j.customer_id, 'customerName', c.name, 'ownerId', c.owner_id,
    'ownerName', ${memberName(ctx, sql`c.owner_id`)}, 'templateId', j.template_id,
    'templateName', json_build_object('ja', t.name_ja, 'en', t.name_en), 'status', j.status, 'state', j.state, 'stateSince', j.state_since,
    'phase', j.phase, 'phaseName', json_build_object('ja', ${phase} ->> 'nameJa', 'en', ${phase} ->> 'nameEn'), 'phasePlace', p.place,
    'phases', jsonb_array_length(v.definition -> 'phases'),
    'day', coalesce(j.ended_on, j.paused_on, ${today(ctx)}) - j.starts_on - j.paused_days + 1, 'days', j.days, 'startsOn', j.starts_on,
    'expectedOn', j.expected_on, 'endedOn', j.ended_on, 'progress', j.progress, 'tasksAll', j.tasks_all, 'tasksDone', j.tasks_done,
    'tasksLate', j.tasks_late, 'lateTask', (
      select json_build_object('ja', v.definition -> 'tasks' -> o.place::int ->> 'titleJa', 'en', v.definition -> 'tasks' -> o.place::int ->> 'titleEn')
      from onboarding_task o where o.tenant_id = ${ctx.tenantId} and o.journey_id = j.id and o.required and o.done_on is null
        and o.due_on < ${today(ctx)} and j.status in ('running', 'paused') order by o.due_on, o.place limit 1),
    'valueOn', j.value_on, 'mayChange', coalesce(${changeable(ctx)}, false)`
}

/** What `journeyFields` reads from. */
export function journeyTables(ctx: Context): RawBuilder<unknown> {
  return sql`onboarding_journey j
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = j.customer_id
    join onboarding_template t on t.tenant_id = ${ctx.tenantId} and t.id = j.template_id
    join onboarding_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = j.template_id and v.version = j.version
    join onboarding_phase p on p.tenant_id = ${ctx.tenantId} and p.journey_id = j.id and p.key = j.phase`
}

/** Journeys of customers that the actor may see: stuck and behind first, then by their expected end. */
export async function journeyPage(ctx: Context, filter: z.output<typeof listJourneys.query>): Promise<JsonText> {
  const conditions = [sql`j.tenant_id = ${ctx.tenantId}`, withinReach(ctx, requirePermission(ctx, 'customers.read'))]
  if (filter.status) conditions.push(sql`j.status = ${filter.status}`)
  if (filter.active) conditions.push(sql`j.status in ('running', 'paused')`)
  if (filter.state) conditions.push(sql`j.state = ${filter.state}`)
  if (filter.templateId) conditions.push(sql`j.template_id = ${filter.templateId}::uuid`)
  if (filter.phase) conditions.push(sql`j.phase = ${filter.phase}`)
  if (filter.ownerId) conditions.push(sql`c.owner_id = ${filter.ownerId}::uuid`)
  if (filter.customerId) conditions.push(sql`j.customer_id = ${filter.customerId}::uuid`)
  if (filter.mine) {
    const self = ctx.actor.id ?? null
    conditions.push(sql`(c.owner_id = ${self}::uuid or exists (
      select 1 from jsonb_each_text(j.people) person (role, member) where person.member = ${self}::text))`)
  }
  if (filter.q) {
    conditions.push(sql`strpos(normalize(lower(c.name), nfkc), ${filter.q.normalize('NFKC').toLowerCase()}) > 0`)
  }
  const rank = sql`(case when j.status <> 'running' then 3 when j.state = 'stuck' then 0 when j.state = 'behind' then 1 else 2 end)`
  const after = readCursor(filter.cursor, 3)
  if (after) {
    const [key, on, id] = after
    conditions.push(sql`(${rank}, j.expected_on, j.id) > (${key}::int, ${on}::date, ${id}::uuid)`)
  }
  const { rows } = await sql<{ item: string; rank: number; on: string; id: string }>`
    select json_build_object(${journeyFields(ctx)})::text as item, ${rank} as rank, j.expected_on::text as on, j.id
    from ${journeyTables(ctx)} where ${sql.join(conditions, sql` and `)}
    order by ${rank}, j.expected_on, j.id limit ${filter.limit + 1}`.execute(ctx.tx)
  const shown = rows.slice(0, filter.limit)
  const last = rows.length > filter.limit ? shown.at(-1) : undefined
  const next = last ? cursorOf([last.rank, last.on, last.id]) : null
  return new JsonText(`{"items":[${shown.map(row => row.item).join(',')}],"next":${JSON.stringify(next)}}`)
}
