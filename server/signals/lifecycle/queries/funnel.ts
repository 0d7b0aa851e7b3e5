import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import { reachableContact } from './reach.ts'

interface Period {
  from: string
  to: string
}

/** When each lead first reached each stage: `contact_id`, `stage_id`, `position`, `kind`, `at`. */
function entries(ctx: Context): RawBuilder<unknown> {
  // Stages and contacts are joined to the few columns that are left, not grouped by.
  return sql`select reached.contact_id, s.id as stage_id, s.position, s.kind, reached.at
    from (select m.contact_id, stage.id, min(m.at) as at from lifecycle_move m cross join lateral unnest(m.entered) stage (id)
      where m.tenant_id = ${ctx.tenantId} group by m.contact_id, stage.id) reached
    join lifecycle_stage s on s.tenant_id = ${ctx.tenantId} and s.id = reached.id
    join contact c on c.tenant_id = ${ctx.tenantId} and c.id = reached.contact_id and ${reachableContact(ctx)}`
}

/**
 * The entries with what became of them: `advanced` to a later stage, `won`, or `is_lost` now without having come further.
 * It reads `entry`.
 */
function fates(ctx: Context): RawBuilder<unknown> {
  return sql`select e.*, coalesce(e.kind <> 'lost' and far.position > e.position, false) as advanced,
      coalesce(far.won, false) as won,
      coalesce(here.kind = 'lost' and not (e.kind <> 'lost' and far.position > e.position), false) as is_lost
    from entry e
    left join (select contact_id, max(position) as position, bool_or(kind = 'won') as won from entry where kind <> 'lost' group by contact_id) far
      on far.contact_id = e.contact_id
    left join lifecycle_position p on p.tenant_id = ${ctx.tenantId} and p.contact_id = e.contact_id
    left join lifecycle_stage here on here.tenant_id = ${ctx.tenantId} and here.id = p.stage_id`
}

/** A condition: the moment lies in the days of a period, as the company counts them. */
function within(ctx: Context, moment: RawBuilder<unknown>, { from, to }: Period): RawBuilder<boolean> {
  // Each bound is worked out once, not for every moment.
  const bound = (day: RawBuilder<unknown>) =>
    sql`(select ${day}::timestamp at time zone company.time_zone from tenant company where company.id = ${ctx.tenantId})`
  return sql`(${moment} >= ${bound(sql`${from}::date`)} and ${moment} < ${bound(sql`(${to}::date + 1)`)})`
}

function checkPeriod({ from, to }: Period): void {
  if (from <= to) return
  throw invalidField('query.to', {
    ja: '終了日は開始日以降の日付を指定してください。',
    en: 'The last day must not come before the first.',
  })
}

/** The funnel of a period: see the contract for what each number says. */
export async function lifecycleFunnel(ctx: Context, period: Period): Promise<JsonText> {
  checkPeriod(period)
  await joinByHash(ctx.tx, true)
  const share = (part: RawBuilder<unknown>, whole: RawBuilder<unknown>) =>
    sql`round(100.0 * ${part} / nullif(${whole}, 0), 1)`
  const { rows } = await sql<{ item: string }>`
    with entry as materialized (${entries(ctx)}),
    fate as materialized (select f.*, ${within(ctx, sql`f.at`, period)} as counts from (${fates(ctx)}) f),
    step as (
      select s.id, s.key, s.name_ja, s.name_en, s.kind, s.position,
        count(f.contact_id) filter (where f.counts)::int as entered,
        count(*) filter (where f.counts and f.advanced)::int as advanced,
        count(*) filter (where f.counts and f.is_lost)::int as lost,
        count(*) filter (where f.counts and f.won)::int as won
      from lifecycle_stage s left join fate f on f.stage_id = s.id
      where s.tenant_id = ${ctx.tenantId} group by s.tenant_id, s.id),
    stay as (
      select m.from_stage as stage_id, round((percentile_cont(0.5) within group (order by m.seconds_before) / 86400)::numeric, 1) as median_days
      from lifecycle_move m where m.tenant_id = ${ctx.tenantId} and ${within(ctx, sql`m.at`, period)} group by m.from_stage),
    first as (select * from step where kind = 'open' order by position, id limit 1),
    born as materialized (
      select c.id as contact_id, date_trunc('month', c.created_at at time zone company.time_zone) as month
      from contact c join tenant company on company.id = ${ctx.tenantId}
      where c.tenant_id = ${ctx.tenantId} and c.id in (select entry.contact_id from entry)),
    month as (select born.month, count(*)::int as leads from born group by born.month order by born.month desc limit 12),
    cohort as materialized (
      select born.month, e.stage_id, count(*)::int as leads from entry e join born on born.contact_id = e.contact_id
      where born.month in (select month.month from month) group by born.month, e.stage_id)
    select json_build_object(
      'steps', (select coalesce(json_agg(json_build_object('stageId', step.id, 'key', step.key, 'nameJa', step.name_ja, 'nameEn', step.name_en,
          'kind', step.kind, 'entered', step.entered, 'advanced', step.advanced, 'lost', step.lost, 'won', step.won,
          'conversion', case when step.kind = 'open' then ${share(sql`step.advanced`, sql`step.entered`)} end,
          'medianDays', stay.median_days) order by step.position, step.id), '[]')
        from step left join stay on stay.stage_id = step.id),
      'overall', json_build_object('entered', coalesce((select first.entered from first), 0), 'won', coalesce((select first.won from first), 0),
        'conversion', (select ${share(sql`first.won`, sql`first.entered`)} from first)),
      'cohorts', (select coalesce(json_agg(json_build_object('month', to_char(month.month, 'YYYY-MM'), 'leads', month.leads,
          'reached', (select coalesce(json_object_agg(k.stage_id, k.leads), '{}') from cohort k where k.month = month.month))
          order by month.month desc), '[]') from month))::text as item`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}

/** The leads behind a number of the funnel, latest first. */
export async function funnelRows(
  ctx: Context,
  wish: Period & {
    stageId: string
    number: 'entered' | 'advanced' | 'stayed' | 'lost' | 'won' | 'cohort'
    month?: string | undefined
    limit: number
    cursor?: string | undefined
  },
): Promise<JsonText> {
  checkPeriod(wish)
  if ((wish.number === 'cohort') !== (wish.month !== undefined)) {
    throw invalidField('query.month', {
      ja: '月は、number が cohort のときだけ、必ず指定してください。',
      en: 'A month is needed for a cohort, and only there.',
    })
  }
  const after = readCursor(wish.cursor, 2)
  await joinByHash(ctx.tx, true)
  const counts = {
    entered: sql`true`,
    advanced: sql`f.advanced`,
    stayed: sql`not f.advanced`,
    lost: sql`f.is_lost`,
    won: sql`f.won`,
    cohort: sql`to_char(c.created_at at time zone (select company.time_zone from tenant company where company.id = ${ctx.tenantId}), 'YYYY-MM') = ${wish.month ?? null}`,
  }[wish.number]
  const { rows } = await sql<{ item: string }>`
    with entry as materialized (${entries(ctx)})
    select json_build_object('id', c.id, 'name', c.name, 'company', c.company, 'leadScore', c.lead_score,
      'lifecycleStage', c.lifecycle_stage, 'at', f.at)::text as item
    from (${fates(ctx)}) f join contact c on c.tenant_id = ${ctx.tenantId} and c.id = f.contact_id
    where f.stage_id = ${wish.stageId}::uuid and ${counts} and ${wish.number === 'cohort' ? sql`true` : within(ctx, sql`f.at`, wish)}
      and ${after ? sql`(f.at, c.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by f.at desc, c.id desc limit ${wish.limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, wish.limit, ['at', 'id'])
}
