import { sql } from 'kysely'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'

/** Onboarding in figures, over the customers that the actor may see. */
export async function figuresOf(ctx: Context, templateId: string | undefined): Promise<JsonText> {
  const reach = withinReach(ctx, requirePermission(ctx, 'customers.read'))
  const percent = (part: ReturnType<typeof sql>, whole: ReturnType<typeof sql>) =>
    sql`round(100.0 * ${part} / nullif(${whole}, 0), 1)::float8`
  const valueDays = sql`percentile_cont(0.5) within group (order by greatest(0, j.value_on - j.starts_on)) filter (where j.value_on is not null)`
  const { rows } = await sql<{ item: string }>`
    with shown as materialized (
      select j.* from onboarding_journey j join customer c on c.tenant_id = ${ctx.tenantId} and c.id = j.customer_id
      where j.tenant_id = ${ctx.tenantId} and ${reach} and ${templateId ? sql`j.template_id = ${templateId}::uuid` : sql`true`}),
    training as (
      select count(*)::int as due, count(o.done_on)::int as done from shown j
      join onboarding_task o on o.tenant_id = ${ctx.tenantId} and o.journey_id = j.id and o.training and o.due_on <= ${today(ctx)}
      where j.status <> 'cancelled')
    select json_build_object(
      'running', count(*) filter (where j.status = 'running'), 'paused', count(*) filter (where j.status = 'paused'),
      'onTrack', count(*) filter (where j.status = 'running' and j.state = 'on_track'),
      'behind', count(*) filter (where j.status = 'running' and j.state = 'behind'),
      'stuck', count(*) filter (where j.status = 'running' and j.state = 'stuck'),
      'lateTasks', coalesce(sum(j.tasks_late) filter (where j.status = 'running'), 0), 'timeToValue', ${valueDays},
      'trainingDone', (select ${percent(sql`training.done`, sql`training.due`)} from training),
      'completed', ${percent(sql`count(*) filter (where j.status = 'completed')`, sql`count(*) filter (where j.status in ('completed', 'cancelled'))`)},
      'cohorts', (select coalesce(json_agg(json_build_object('month', x.month, 'started', x.started, 'completed', x.completed,
          'cancelled', x.cancelled, 'share', ${percent(sql`x.completed`, sql`x.started`)}, 'timeToValue', x.days) order by x.month), '[]')
        from (select to_char(j.starts_on, 'YYYY-MM') as month, count(*) as started, count(*) filter (where j.status = 'completed') as completed,
          count(*) filter (where j.status = 'cancelled') as cancelled, ${valueDays} as days from shown j group by 1 order by 1 desc limit 12) x),
      'phases', (select coalesce(json_agg(json_build_object('templateId', x.template_id, 'key', x.key, 'place', x.place,
          'name', json_build_object('ja', x.words ->> 'nameJa', 'en', x.words ->> 'nameEn'),
          'planned', (x.words ->> 'toDay')::int - (x.words ->> 'fromDay')::int + 1, 'now', x.now, 'passed', x.passed,
          'share', ${percent(sql`x.passed`, sql`x.passed + x.over`)}, 'days', x.days) order by x.template_id, x.place), '[]')
        from (
          select j.template_id, p.key, min(p.place) as place, min(words.words::text)::jsonb as words,
            count(*) filter (where j.status in ('running', 'paused') and j.phase = p.key) as now, count(p.left_on) as passed,
            count(*) filter (where p.entered_on is not null and p.left_on is null and (p.to_on < ${today(ctx)} or j.status = 'cancelled')) as over,
            round(avg(p.left_on - p.entered_on) filter (where p.left_on is not null), 1)::float8 as days
          from shown j join onboarding_phase p on p.tenant_id = ${ctx.tenantId} and p.journey_id = j.id
          join onboarding_template t on t.tenant_id = ${ctx.tenantId} and t.id = j.template_id
          join onboarding_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = t.id and v.version = t.version
          join lateral (select each.words from jsonb_array_elements(v.definition -> 'phases') each (words)
            where each.words ->> 'key' = p.key) words on true
          group by j.template_id, p.key) x))::text as item
    from shown j`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}
