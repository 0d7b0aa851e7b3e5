import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { UpsellSettings } from '../contract/settings.ts'

/** People of one e-mail domain, uses by one person, and uses of all in 30 days from which a larger plan suits (UPS-2). */
const team = 10
const heavyUser = 1_000
const manyRuns = 5_000
/** Features tried from which a free plan is outgrown: the sixth (UPS-1). */
const features = 6
/** Share of a limit from which a customer is near it (UPS-3). */
const near = 0.8
/** What only larger plans have, as people ask for it (UPS-2): single sign-on, on-premise, service levels, paying by invoice. */
const asked =
  '(\\mSSO\\M|SAML|シングルサインオン|on-?prem|オンプレ|\\mSLA\\M|請求書払い|invoice payment|pay by invoice)'

/**
 * Customers of a plan that has a larger one above it, with what speaks for that one; one row each, as columns `id`, `kind`,
 * `plan`, `next_plan`, `users`, `uses`, `estimated_arr`, `signals`, `timing`. Only those for whom something speaks.
 */
export function detected(ctx: Context, { plans, events }: UpsellSettings): RawBuilder<unknown> {
  const steps = plans.slice(0, -1).map((plan, place) => ({
    name: plan.name.toLowerCase(),
    shown: plan.name,
    free: plan.pricePerUser === 0,
    most: plan.monthlyLimit,
    next: plans[place + 1]!.name,
    price: plans[place + 1]!.pricePerUser,
  }))
  const noticed = events.map((each, place) => ({ ...each, place }))
  const longest = Math.max(0, ...events.map(({ days }) => days))
  return sql`
    with today as materialized (
      select (${ctx.now}::timestamptz at time zone time_zone)::date as day from tenant where id = ${ctx.tenantId}),
    on_plan as materialized (
      select c.id, p.shown as plan, p.next as next_plan, p.free, p.most, p.price, c.created_at, c.renewal_on, c.licence_count
      from customer c join jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as p (
        name text, shown text, free boolean, most bigint, next text, price float8) on p.name = lower(c.plan)
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED'),
    person_use as materialized (
      select u.customer_id, coalesce(u.contact_id::text, u.person) as who, sum(u.events) as events
      from usage_daily u where u.tenant_id = ${ctx.tenantId} and u.customer_id in (select id from on_plan)
        and u.day > (select day from today) - 30 and u.day <= (select day from today) group by 1, 2),
    used as (
      select customer_id, sum(events)::bigint as uses, max(events)::bigint as most_by_one, count(*) as active from person_use group by 1),
    tried as (
      select u.customer_id, count(distinct u.feature) as features from usage_daily u
      where u.tenant_id = ${ctx.tenantId} and u.customer_id in (select id from on_plan where free)
        and u.day > (select day from today) - 30 group by 1),
    noticed as materialized (
      select o.id as customer_id, e.place, e.event, e.meaning, sum(u.events)::float8 as times
      from jsonb_to_recordset(${JSON.stringify(noticed)}::jsonb) as e (place int, event text, meaning text, plan text, times int, days int)
      join usage_daily u on u.tenant_id = ${ctx.tenantId} and u.feature = e.event and u.day > (select day from today) - ${longest}::int
        and u.day > (select day from today) - e.days and u.day <= (select day from today)
      join on_plan o on o.id = u.customer_id and (e.plan = 'any' or (e.plan = 'free') = o.free)
      group by 1, 2, 3, 4, e.times having sum(u.events) >= e.times),
    spoken as (
      select customer_id,
        jsonb_agg(jsonb_build_object('key', 'event', 'value', times, 'event', event) order by place) filter (where meaning = 'signal') as signals,
        array_agg(distinct meaning) filter (where meaning <> 'signal') as timing
      from noticed group by 1),
    people as (
      select customer_id, sum(people)::int as people, max(people) filter (where domain <> '') as of_domain from (
        select k.customer_id, coalesce(split_part(k.email, '@', 2), '') as domain, count(*) as people from contact k
        where k.tenant_id = ${ctx.tenantId} and k.customer_id in (select id from on_plan) and k.merged_into is null and k.left_on is null
        group by 1, 2) d group by 1),
    asks as (
      select t.customer_id, count(*) as asks from ticket t
      where t.tenant_id = ${ctx.tenantId} and t.customer_id in (select id from on_plan where not free)
        and t.opened_at > ${ctx.now}::timestamptz - interval '90 days' and t.subject ~* ${asked} group by 1),
    counted as (
      select o.*, greatest(coalesce(people.people, 0), coalesce(used.active, 0))::int as users, coalesce(used.uses, 0) as uses,
        coalesce(used.most_by_one, 0) as most_by_one, coalesce(tried.features, 0) as features, coalesce(people.of_domain, 0) as of_domain,
        coalesce(asks.asks, 0) as asks, (select day from today) - o.created_at::date as age, (select day from today) as today
      from on_plan o left join used on used.customer_id = o.id left join tried on tried.customer_id = o.id
      left join people on people.customer_id = o.id left join asks on asks.customer_id = o.id),
    judged as (
      select c.*, (select coalesce(jsonb_agg(jsonb_build_object('key', s.key, 'value', s.value) order by s.place), '[]') from (values
        (1, 'over_limit', c.uses::float8, c.uses > c.most),
        (2, 'near_limit', c.uses::float8, c.uses >= c.most * ${near}::float8 and c.uses <= c.most),
        (3, 'features', c.features::float8, c.free and c.features >= ${features}::int),
        (4, 'team', c.of_domain::float8, c.of_domain >= ${team}::int),
        (5, 'heavy_user', c.most_by_one::float8, not c.free and c.most_by_one > ${heavyUser}::int),
        (6, 'many_runs', c.uses::float8, not c.free and c.uses > ${manyRuns}::int),
        (7, 'seats', c.licence_count::float8, not c.free and c.licence_count > 0 and c.users >= c.licence_count * ${near}::float8),
        (8, 'asks', c.asks::float8, c.asks > 0),
        (9, 'day_14', c.age::float8, c.free and c.age between 14 and 29 and c.uses > 0),
        (10, 'day_30', c.age::float8, c.free and c.age between 30 and 60 and c.uses > 0)
      ) as s (place, key, value, holds) where s.holds) || coalesce(n.signals, '[]') as signals, n.timing as noticed
      from counted c left join spoken n on n.customer_id = c.id)
    select j.id, case when j.free then 'free_to_paid' else 'plan_up' end as kind, j.plan, j.next_plan, j.users, j.uses,
      j.users * j.price * 12 as estimated_arr, j.signals, j.today,
      array_remove(array[
        case when j.signals @? '$[*] ? (@.key == "over_limit" || @.key == "near_limit" || @.key == "seats")' then 'limit' end,
        case when j.renewal_on between j.today and j.today + 30 then 'renewal' end,
        case when j.today >= (date_trunc('quarter', j.today) + interval '3 months')::date - 14 then 'quarter_end' end] || j.noticed, null) as timing
    from judged j where jsonb_array_length(j.signals) > 0`
}
