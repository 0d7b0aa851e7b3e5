import { sql } from 'kysely'
import { today } from '../../../customers/accounts/queries/today.ts'
import { announce, type Context } from '../../../platform/context/context.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import { ruleRisks } from '../../risks/queries/rule-risk.ts'
import { bandOf, confidenceOf, recordLevels } from '../band.ts'
import type { ChurnSettings } from '../contract/settings.ts'
import type { DriftCount } from '../drift.ts'
import { churnPredicted } from '../events.ts'
import { leadingParts } from '../factors.ts'
import { leftIn } from '../queries/leaving.ts'
import type { LiveModel } from '../queries/models.ts'
import { customersNow } from '../queries/observations.ts'
import type { Served } from '../queries/served.ts'

/** Customers that one transaction judges. */
const pageSize = 4_000
/** Factors that are kept of a customer, of each direction. */
const keptFactors = 5
/** Scores are told from this change on (points). */
const noticeable = 1

export interface Judging {
  settings: ChurnSettings
  live: LiveModel
  served: Served
  /** The moment of the run. */
  at: Date
}

interface Line {
  id: string
  basis: 'model'
  probability: number
  low: number
  high: number
  confidence: string
  score: number
  band: string
}

/**
 * Judges a page of customers by the model.
 * @returns the id of the last one; undefined when there are no more
 */
export async function judgePage(
  ctx: Context,
  judging: Judging,
  after: string | undefined,
  drift: DriftCount,
): Promise<string | undefined> {
  const { settings, served, live, at } = judging
  const rows = await customersNow(ctx, settings, { places: served.places, limit: pageSize, after })
  const last = rows.length === pageSize ? rows.at(-1)!.customer : undefined
  const usable = rows.filter(row => !row.young && (row.usage || !needsUsage(live)))
  if (usable.length === 0) return last
  const table = served.tableOf(usable)
  drift.add(table)
  const { probability, low, high } = served.model.predict(table)
  const lines = usable.map((row, place): Line => {
    const score = Math.round(probability[place]! * 1_000) / 10
    return {
      id: row.customer,
      basis: 'model',
      probability: probability[place]!,
      low: low[place]!,
      high: high[place]!,
      confidence: confidenceOf(low[place]!, high[place]!),
      score,
      band: bandOf(settings.bands, score).key,
    }
  })
  await sql`
    insert into churn_prediction (tenant_id, customer_id, basis, model_id, probability, low, high, confidence, score, band, factors, predicted_at)
    select ${ctx.tenantId}, line.id, line.basis, ${live.id}::uuid, line.probability, line.low, line.high, line.confidence, line.score,
      line.band, '[]', ${at}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, basis text, probability real, low real, high real,
      confidence text, score real, band text)
    on conflict (tenant_id, customer_id) do update set basis = excluded.basis, held = null, model_id = excluded.model_id,
      probability = excluded.probability, low = excluded.low, high = excluded.high, confidence = excluded.confidence,
      score = excluded.score, band = excluded.band, factors = excluded.factors, predicted_at = excluded.predicted_at`.execute(
    ctx.tx,
  )
  return last
}

/** Reasons are worked out each day for so many customers, the highest scores first; of the others when they are asked for. */
const mostExplained = 1_500
/** So many a transaction: a reason takes milliseconds of one core, and in between the worker looks after its other jobs. */
const explainedAtOnce = 20

/** @returns the customers whose reasons are to be worked out, in parts */
export async function toExplain(ctx: Context, at: Date): Promise<string[][]> {
  const { rows } = await sql<{ id: string }>`
    select customer_id as id from churn_prediction
    where tenant_id = ${ctx.tenantId} and predicted_at >= ${at} and basis = 'model' order by score desc, customer_id desc limit ${mostExplained}`.execute(
    ctx.tx,
  )
  const ids = rows.map(({ id }) => id)
  return Array.from({ length: Math.ceil(ids.length / explainedAtOnce) }, (_, part) =>
    ids.slice(part * explainedAtOnce, (part + 1) * explainedAtOnce),
  )
}

/** Works out the reasons of customers that were judged. */
export async function explainCustomers(ctx: Context, judging: Judging, ids: readonly string[]): Promise<void> {
  const { model, features, places, tableOf } = judging.served
  const rows = await customersNow(ctx, judging.settings, { places, only: ids })
  if (rows.length === 0) return
  const table = tableOf(rows)
  const { columns } = model.explain(table, Int32Array.from(rows.keys()))
  const lines = rows.map(({ customer }, row) => ({
    id: customer,
    factors: leadingParts(
      table,
      row,
      features,
      columns.map(column => column[row]!),
      keptFactors,
    ),
  }))
  await sql`
    update churn_prediction p set factors = line.factors
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, factors jsonb)
    where p.tenant_id = ${ctx.tenantId} and p.customer_id = line.id`.execute(ctx.tx)
}

/** Whether nearly all customers from whom the model learned had use: then it cannot say much of one that has none. */
function needsUsage({ report }: LiveModel): boolean {
  const spread = report.spread.find(({ feature }) => feature === 'usage.days_since_first_use')
  return spread !== undefined && spread.shares.at(-1)! < 0.2
}

/**
 * Judges by the signals of risk whom no model judged in this run, says why, and forgets customers that are gone. A
 * signal's part is what the chance would be less without it.
 */
export async function judgeByRules(ctx: Context, settings: ChurnSettings, live: boolean, at: Date): Promise<void> {
  const customers = sql`select c.id from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED'
    and not exists (select 1 from churn_prediction p where p.tenant_id = ${ctx.tenantId} and p.customer_id = c.id and p.predicted_at >= ${at})`
  const { joins, where } = await leftIn(ctx, settings.exclude)
  await joinByHash(ctx.tx, true)
  const bands = JSON.stringify(settings.bands)
  await sql`
    insert into churn_prediction (tenant_id, customer_id, basis, held, model_id, probability, low, high, confidence, score, band, factors, predicted_at)
    select ${ctx.tenantId}::uuid, r.customer_id, 'rules',
      case when not ${live}::boolean then 'no_model' when c.last_seen_at is null then 'no_usage' else 'young' end, null,
      r.score / 100, null, null, 'low', shown.score,
      (select b.item->>'key' from jsonb_array_elements(${bands}::jsonb) with ordinality b (item, place)
        where shown.score >= (b.item->>'from')::float8 order by b.place limit 1),
      (select coalesce(jsonb_agg(jsonb_build_object('feature', 'signal:' || (s.line->>'key'), 'value', null, 'part', s.part)
          order by abs(s.part) desc), '[]') from (
        select l.line, r.score / 100 - 1 / (1 + exp((l.line->>'weight')::float8 - ln(r.score / (100 - r.score)))) as part
        from json_array_elements((r.raising::jsonb || r.lowering::jsonb)::json) l (line)) s),
      ${at}::timestamptz
    from (${ruleRisks(ctx, { days: settings.horizonDays, customers })}) r
    cross join lateral (select round(r.score::numeric, 1)::float8 as score) shown
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = r.customer_id ${joins}
    where ${where}
    on conflict (tenant_id, customer_id) do update set basis = excluded.basis, held = excluded.held, model_id = null,
      probability = excluded.probability, low = null, high = null, confidence = excluded.confidence, score = excluded.score,
      band = excluded.band, factors = excluded.factors, predicted_at = excluded.predicted_at`.execute(ctx.tx)
  await sql`delete from churn_prediction where tenant_id = ${ctx.tenantId} and predicted_at < ${at}`.execute(ctx.tx)
}

/**
 * Lets the customers' records follow the predictions of a run, keeps the scores of the day, and tells how many scores moved
 * by a point or changed their level, and at whom the level changed.
 */
export async function publishScores(ctx: Context, settings: ChurnSettings, at: Date): Promise<void> {
  const levels = JSON.stringify(settings.bands.map(({ key, level }) => ({ key, level: recordLevels[level] })))
  const { rows } = await sql<{ customers: number; changed: number; moved: Moved[] }>`
    with level as materialized (
      select l.key, l.level from jsonb_to_recordset(${levels}::jsonb) as l (key text, level text)),
    state as materialized (
      select c.id, c.churn_score as before, c.churn_risk as old_level, p.score, level.level
      from customer c
      left join churn_prediction p on p.tenant_id = ${ctx.tenantId} and p.customer_id = c.id
      left join level on level.key = p.band
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED'
        and (c.churn_score is distinct from p.score or c.churn_risk is distinct from level.level)),
    written as (
      update customer target set churn_score = state.score, churn_risk = state.level
      from state where target.tenant_id = ${ctx.tenantId} and target.id = state.id returning 1)
    select (select count(*)::int from churn_prediction p where p.tenant_id = ${ctx.tenantId}) as customers,
      count(*) filter (where abs(coalesce(before, 0) - coalesce(score, 0)) >= ${noticeable} or old_level is distinct from level)::int as changed,
      coalesce((select json_agg(json_build_object('id', m.id, 'from', m.old_level, 'to', m.level, 'score', m.score)) from (
        select * from state s where s.old_level is distinct from s.level and s.old_level is not null and s.level is not null
        order by s.score desc limit 500) m), '[]') as moved
    from state, (select count(*) from written) w group by w.count`.execute(ctx.tx)
  const { customers, changed, moved } = rows[0] ?? { customers: 0, changed: 0, moved: [] }
  await keepDay(ctx)
  announce(ctx, { type: churnPredicted, payload: { at: at.toISOString(), customers, changed } })
  for (const { id, from, to, score } of moved) {
    announce(ctx, { type: 'churn.level_changed', subject: { kind: 'customer', id }, payload: { from, to, score } })
  }
}

interface Moved {
  id: string
  from: string
  to: string
  score: number
}

/** Every day is kept for so many days, then the Mondays, for five years. */
const keptDaily = 120
const keptDays = 1_830

async function keepDay(ctx: Context): Promise<void> {
  await sql`
    insert into churn_score_daily (tenant_id, day, customer_id, basis, model_id, score, band)
    select ${ctx.tenantId}, ${today(ctx)}, p.customer_id, p.basis, p.model_id, p.score, p.band
    from churn_prediction p where p.tenant_id = ${ctx.tenantId}
    on conflict (tenant_id, day, customer_id) do update set basis = excluded.basis, model_id = excluded.model_id,
      score = excluded.score, band = excluded.band`.execute(ctx.tx)
  await sql`
    delete from churn_score_daily where tenant_id = ${ctx.tenantId}
      and (day < ${today(ctx)} - ${keptDays}::int or (day < ${today(ctx)} - ${keptDaily}::int and extract(isodow from day) <> 1))`.execute(
    ctx.tx,
  )
}
