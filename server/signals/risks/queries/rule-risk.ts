import { type RawBuilder, sql } from 'kysely'
import { today } from '../../../customers/accounts/queries/today.ts'
import type { Context } from '../../../platform/context/context.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import type { RiskLevel } from '../contract.ts'
import { documented, documentedRate } from '../rule-risk.ts'

export interface RuleRiskWish {
  /** Within how many days customers leave; signals are looked for in as many before. */
  days: number
  /** A statement of the customers; left out: all that are there. */
  customers?: RawBuilder<unknown>
}

/** A signal in a score, with what its weight rests on. */
export interface RuleRiskPart {
  id: string
  key: string
  nameJa: string
  nameEn: string
  level: RiskLevel
  since: string
  /** What it adds to the log-odds. */
  weight: number
  /** Share of the weight that rests on what happened at the company, 0 to 1. */
  own: number
  left: number
  leftShowing: number
  stayed: number
  stayedShowing: number
}

export interface RuleRisk {
  customerId: string
  /** 0 to 100. */
  score: number
  /** Share of the score that rests on what happened at the company, 0 to 1. */
  confidence: number
  /** Open signals that raise it, and that lower it, the weightiest three of each. */
  raising: RuleRiskPart[]
  lowering: RuleRiskPart[]
}

/** A weighed signal `w` with what its weight rests on. */
const signalJson = sql`json_build_object('id', w.id, 'key', w.key, 'nameJa', w.name_ja, 'nameEn', w.name_en, 'level', w.level,
  'weight', w.weight, 'own', w.own, 'left', w.gone, 'leftShowing', w.gone_showing, 'stayed', w.stayed, 'stayedShowing', w.stayed_showing)`

/** Signals that are named on each side. */
const mostNamed = 3

/**
 * A statement of `customer_id`, `score`, `confidence`, `raising` and `lowering` of all customers that are there: the rule of
 * `rule-risk.ts` over their open signals. The company's own history is counted once for all of them: in a large company that
 * takes seconds, for one customer as for all. Call `joinByHash` before it.
 */
export function ruleRisks(ctx: Context, { days, customers }: RuleRiskWish): RawBuilder<unknown> {
  const named = (side: RawBuilder<unknown>) =>
    sql`('[' || coalesce(string_agg(part.line, ',' order by part.place) filter (where ${side} and part.place <= ${sql.lit(mostNamed)}), '') || ']')::json`
  return sql`
    with ${weighed(ctx, days)},
    card as materialized (select w.id, w.weight, w.own, ltrim(${signalJson}::text, '{ ') as rest from weighed w),
    part as (
      select x.customer_id, card.weight, card.own, '{"since":' || to_json(x.since)::text || ',' || card.rest as line,
        row_number() over (partition by x.customer_id, card.weight > 0 order by abs(card.weight) desc, card.id) as place
      from customer_signal x join card on card.id = x.signal_id
      where x.tenant_id = ${ctx.tenantId} and x.ended is null
        ${customers ? sql`and x.customer_id in (${customers})` : sql``})
    select c.id as customer_id,
      100 / (1 + exp(-(prior.weight + coalesce(sum(part.weight), 0)))) as score,
      (abs(prior.weight) * prior.own + coalesce(sum(abs(part.weight) * part.own), 0))
        / (abs(prior.weight) + coalesce(sum(abs(part.weight)), 0)) as confidence,
      ${named(sql`part.weight > 0`)} as raising,
      ${named(sql`part.weight <= 0`)} as lowering
    from customer c cross join prior left join part on part.customer_id = c.id
    where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED'
      ${customers ? sql`and c.id in (${customers})` : sql``}
    group by c.id, prior.weight, prior.own`
}

/** The scores of customers, read. */
export async function readRuleRisks(ctx: Context, wish: RuleRiskWish): Promise<RuleRisk[]> {
  await joinByHash(ctx.tx, true)
  const { rows } = await sql<RuleRisk>`
    select r.customer_id as "customerId", r.score, r.confidence, r.raising, r.lowering
    from (${ruleRisks(ctx, wish)}) r order by r.score desc, r.customer_id`.execute(ctx.tx)
  return rows
}

export interface RuleEvidence {
  /** Customers that were there so many days ago, and how many left since. */
  customers: number
  left: number
  /** Weight of the prior and how much of it is the company's own. */
  weight: number
  own: number
  signals: Omit<RuleRiskPart, 'since'>[]
}

/** What the scores rest on: each enabled signal with its weight and the customers behind it, the gravest first. */
export async function ruleEvidence(ctx: Context, days: number): Promise<RuleEvidence> {
  await joinByHash(ctx.tx, true)
  const { rows } = await sql<RuleEvidence>`
    with ${weighed(ctx, days)}
    select prior.customers, prior.gone as left, prior.weight, prior.own,
      (select coalesce(json_agg(${signalJson} order by w.weight desc, w.id), '[]') from weighed w) as signals
    from prior`.execute(ctx.tx)
  return rows[0]!
}

/**
 * Two parts of a statement: `weighed`, the enabled signals with their weights and evidence, and `prior`, one row.
 * A signal's evidence begins with it: customers that left in its first days had less time to show it, and are not counted.
 */
function weighed(ctx: Context, days: number): RawBuilder<unknown> {
  const span = sql`${days}::int`
  const { odds, signalCustomers, rateCustomers, mostObserved } = documented
  return sql`
    present as materialized (
      select day, zone, (day - ${span})::timestamp at time zone zone as middle, (day - 2 * ${span})::timestamp at time zone zone as early
      from (select ${today(ctx)} as day, company.time_zone as zone from tenant company where company.id = ${ctx.tenantId}) known),
    people as materialized (
      select c.id, least((c.created_at at time zone present.zone)::date, coalesce(c.contract_start, 'infinity'::date)) as since, left_on.gone,
        left_on.gone::timestamp at time zone present.zone as gone_at,
        (left_on.gone - ${span})::timestamp at time zone present.zone as watched_from,
        c.churned_on is null and c.status <> 'CHURNED' as stays
      from customer c cross join present
      cross join lateral (select case when c.churned_on <= present.day then c.churned_on end as gone) left_on
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null),
    leavers as materialized (select id, gone, gone_at, watched_from from people where gone is not null),
    stayers as materialized (select people.id from people cross join present where people.stays and people.since <= present.day - 2 * ${span}),
    signal as materialized (
      select s.id, s.key, s.name_ja, s.name_en, s.level, (s.created_at at time zone present.zone)::date + ${span} as first,
        case s.level when 'high' then ln(${sql.lit(odds.high)}::float8) when 'medium' then ln(${sql.lit(odds.medium)}::float8)
          else ln(${sql.lit(odds.low)}::float8) end as given
      from risk_signal s cross join present where s.tenant_id = ${ctx.tenantId} and s.state = 'enabled'),
    showing as (
      select seen.signal_id, count(*) filter (where seen.left_us) as gone, count(*) filter (where not seen.left_us) as stays
      from (
        select distinct x.signal_id, x.customer_id, true as left_us
        from customer_signal x join leavers on leavers.id = x.customer_id join signal on signal.id = x.signal_id
        where x.tenant_id = ${ctx.tenantId} and leavers.gone >= signal.first and x.since < leavers.gone_at
          and (x.ended is null or x.ended >= leavers.watched_from)
        union all
        select distinct x.signal_id, x.customer_id, false
        from customer_signal x cross join present join signal on signal.id = x.signal_id
        where x.tenant_id = ${ctx.tenantId} and present.day - ${span} >= signal.first and x.since < present.middle
          and (x.ended is null or x.ended >= present.early) and x.customer_id in (select stayers.id from stayers)) seen
      group by seen.signal_id),
    counted as materialized (
      select signal.*, (select count(*) from leavers where leavers.gone >= signal.first) as gone,
        case when present.day - ${span} >= signal.first then (select count(*) from stayers) else 0 end as stayed,
        coalesce(showing.gone, 0) as gone_showing, coalesce(showing.stays, 0) as stayed_showing
      from signal cross join present left join showing on showing.signal_id = signal.id),
    known as (
      select counted.*, case when stayed > 0 then least(gone_showing + stayed_showing, gone) else 0 end::float8 as customers,
        (gone_showing + stayed_showing)::float8 / nullif(gone + stayed, 0) as usual
      from counted),
    observed as (
      select known.*, customers / (${sql.lit(signalCustomers)} + customers) as own,
        case when customers > 0 then greatest(-${sql.lit(mostObserved)}, least(${sql.lit(mostObserved)},
          ln((gone_showing + usual) / (gone + 1) / ((stayed_showing + usual) / (stayed + 1))))) else 0 end as ratio
      from known),
    weighed as materialized (select observed.*, (1 - own) * given + own * ratio as weight from observed),
    there as (
      select count(*)::int as customers, count(*) filter (where people.gone is not null)::int as gone
      from people cross join present where people.since <= present.day - ${span}
        and (people.stays or people.gone > present.day - ${span})),
    rated as (
      select there.*, (${sql.lit(rateCustomers)} * ${documentedRate(days)}::float8 + gone) / (${sql.lit(rateCustomers)} + customers) as rate from there),
    prior as materialized (
      select customers, gone, ln(rate / (1 - rate)) as weight, customers::float8 / (${sql.lit(rateCustomers)} + customers) as own from rated)`
}
