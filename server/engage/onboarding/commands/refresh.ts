import { sql } from 'kysely'
import { today } from '../../../customers/accounts/queries/today.ts'
import type { Context } from '../../../platform/context/context.ts'

export interface Refreshed {
  id: string
  customer_id: string
  template: string
  phase_before: string
  phase: string
  /** The phase's name, where it is entered. */
  words: { ja: string; en: string } | null
  /** It came into its first phase, or into another one. */
  enters: boolean
  state_before: string
  state: string
  completes: boolean
  /** Something of it is another one than before. */
  changed: boolean
}

/**
 * Works out where journeys are, all in one statement.
 *
 * - A phase is left when its required tasks are done, and so many percent of its tasks as its share says. The phase of a
 *   journey is the first that is not left, wherever the calendar is: a customer that is held up stays visible there.
 * - Behind: a required task is past its day, or the phase that the customer is in should have ended.
 * - Stuck: behind, and nothing was done for as many days as the template says (`stuckDays`), counted from the last task
 *   done or from the start.
 * - Expected end: the planned one, and the days by which the oldest required task is late.
 *
 * Paused journeys stand still.
 */
export async function refreshJourneys(ctx: Context, only: readonly string[] | undefined): Promise<Refreshed[]> {
  const { rows } = await sql<Refreshed>`
    with company as (select ${today(ctx)} as day),
    was as (
      select j.id, j.customer_id, j.template_id, j.version, j.phase, j.state, j.starts_on, j.days, j.paused_days
      from onboarding_journey j where j.tenant_id = ${ctx.tenantId} and j.status = 'running'
        and not exists (select 1 from customer c where c.tenant_id = ${ctx.tenantId} and c.id = j.customer_id and c.merged_into is not null)
        and ${only ? sql`j.id = any(${only}::uuid[])` : sql`true`}
      for update of j),
    -- Journey by journey over their index: the planner knows nothing yet of rows that were written just now.
    here as (
      select was.*, whole.*, at.key, at.to_on, at.enters from was cross join company
      cross join lateral (
        select count(*)::int as tasks, count(o.done_on)::int as done,
          count(*) filter (where o.required and o.done_on is null)::int as missing,
          count(*) filter (where o.required and o.done_on is null and o.due_on < company.day)::int as late,
          min(o.due_on) filter (where o.required and o.done_on is null and o.due_on < company.day) as late_since,
          max(o.done_on) as progressed_on
        from onboarding_task o where o.tenant_id = ${ctx.tenantId} and o.journey_id = was.id) whole
      cross join lateral (
        select stage.key, stage.to_on, stage.enters from (
          select p.key, p.place, p.to_on, p.entered_on is null as enters,
            case when count(o.key) = 0 then p.to_on < company.day
              else count(*) filter (where o.required and o.done_on is null) = 0 and count(o.done_on) * 100 >= p.share * count(*) end as passed
          from onboarding_phase p
          left join onboarding_task o on o.tenant_id = ${ctx.tenantId} and o.journey_id = p.journey_id and o.phase = p.key
          where p.tenant_id = ${ctx.tenantId} and p.journey_id = was.id
          group by p.key, p.place, p.to_on, p.entered_on, p.share) stage
        order by stage.passed, case when stage.passed then -stage.place else stage.place end limit 1) at),
    next as (
      select was.id, was.customer_id, was.template_id, was.phase as phase_before, was.state as state_before, was.key as phase,
        was.enters,
        case when was.enters then (
          select jsonb_build_object('ja', p ->> 'nameJa', 'en', p ->> 'nameEn') from jsonb_array_elements(v.definition -> 'phases') p
          where p ->> 'key' = was.key) end as words,
        case
          when was.late = 0 and (was.to_on >= company.day or was.missing = 0) then 'on_track'
          when company.day - greatest(was.progressed_on, was.starts_on + was.paused_days) >= (v.definition ->> 'stuckDays')::int
            then 'stuck'
          else 'behind' end as state,
        was.tasks, was.done, was.late, was.progressed_on,
        was.starts_on + was.days - 1 + was.paused_days + coalesce(company.day - was.late_since, 0) as expected_on,
        (v.definition ->> 'completesItself')::boolean and was.missing = 0
          and was.done * 100 >= (v.definition ->> 'completeShare')::real * was.tasks as completes
      from here was cross join company
      join onboarding_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = was.template_id and v.version = was.version),
    changed as (
      update onboarding_journey j set phase = next.phase, state = next.state,
        state_since = case when next.state = j.state then j.state_since else company.day end,
        tasks_all = next.tasks, tasks_done = next.done, tasks_late = next.late, progress = round(100.0 * next.done / next.tasks),
        expected_on = next.expected_on, progressed_on = next.progressed_on, updated_at = ${ctx.now}
      from next cross join company
      where j.tenant_id = ${ctx.tenantId} and j.id = next.id
        and (j.phase, j.state, j.tasks_done, j.tasks_late, j.expected_on, j.progressed_on)
          is distinct from (next.phase, next.state, next.done, next.late, next.expected_on, next.progressed_on)
      returning j.id),
    left_behind as (
      update onboarding_phase p set left_on = case when p.place < here.place then company.day end,
        entered_on = case when p.place <= here.place then coalesce(p.entered_on, company.day) else p.entered_on end
      from next join onboarding_phase here on here.tenant_id = ${ctx.tenantId} and here.journey_id = next.id and here.key = next.phase
      cross join company
      where p.tenant_id = ${ctx.tenantId} and p.journey_id = next.id
        and ((p.place < here.place and p.left_on is null) or (p.place = here.place and (p.entered_on is null or p.left_on is not null))))
    select next.id, next.customer_id, t.key as template, next.phase_before, next.phase, next.words, next.enters, next.state_before, next.state,
      next.completes, next.enters or next.id in (select changed.id from changed) as changed
    from next join onboarding_template t on t.tenant_id = ${ctx.tenantId} and t.id = next.template_id
    order by next.id`.execute(ctx.tx)
  return rows
}
