import { sql } from 'kysely'
import type { z } from 'zod'
import { customerStatuses, customerTiers } from '../../customers/accounts/contract/customers.ts'
import { withinReach } from '../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../platform/context/context.ts'
import type * as contract from './contract.ts'

/** Customers by tier and status, revenue and means (CUS-31). Churned customers count in their status only. */
export async function statistics(ctx: Context): Promise<z.output<typeof contract.getStatistics.reply>> {
  const scope = requirePermission(ctx, 'customers.read')
  const { rows } = await sql<{
    own: string
    groups: { tier: string | null; status: string; currency: string; count: number; arr: number; value: number }[]
    health: number | null
    adoption: number | null
    nps: number | null
    csat: number | null
  }>`
    with seen as (
      select c.id, c.tier, c.status, c.currency, c.arr, coalesce(c.lifetime_value, p.lifetime_value, 0) as value, c.health_score,
        p.adoption_rate, p.nps, p.csat
      from customer c left join success_profile p on p.tenant_id = ${ctx.tenantId} and p.customer_id = c.id
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${withinReach(ctx, scope)})
    select company.currency as own,
      (select coalesce(json_agg(g), '[]') from (
        select s.tier, s.status, s.currency, count(*)::int as count, sum(s.arr)::float8 as arr, sum(s.value)::float8 as value
        from seen s group by s.tier, s.status, s.currency) g) as groups,
      (select round(avg(s.health_score)::numeric, 1)::float8 from seen s where s.status <> 'CHURNED') as health,
      (select round(avg(s.adoption_rate), 1)::float8 from seen s where s.status <> 'CHURNED') as adoption,
      (select round(avg(s.nps), 1)::float8 from seen s where s.status <> 'CHURNED') as nps,
      (select round(avg(s.csat), 2)::float8 from seen s where s.status <> 'CHURNED') as csat
    from tenant company where company.id = ${ctx.tenantId}`.execute(ctx.tx)
  const { own, groups, health, adoption, nps, csat } = rows[0]!
  const countOf = (which: (group: (typeof groups)[number]) => boolean) =>
    groups.filter(which).reduce((sum, group) => sum + group.count, 0)
  const byCurrency = (what: 'arr' | 'value') =>
    [...Map.groupBy(groups, group => group.currency)].map(([currency, members]) => ({
      currency,
      amount: members.reduce((sum, group) => sum + group[what], 0),
    }))
  const revenue = byCurrency('arr')
  const value = byCurrency('value')
  const ofStatus = (status: string) => countOf(group => group.status === status)
  return {
    totalCustomers: countOf(() => true),
    customersByTier: Object.fromEntries(
      customerTiers.map(tier => [tier, countOf(group => group.tier === tier)]),
    ) as Record<(typeof customerTiers)[number], number>,
    customersByStatus: Object.fromEntries(customerStatuses.map(status => [status, ofStatus(status)])) as Record<
      (typeof customerStatuses)[number],
      number
    >,
    averageHealthScore: health,
    totalAnnualRevenue: revenue.find(({ currency }) => currency === own)?.amount ?? 0,
    totalLifetimeValue: value.find(({ currency }) => currency === own)?.amount ?? 0,
    currency: own,
    annualRevenueByCurrency: revenue,
    lifetimeValueByCurrency: value,
    atRiskCustomers: ofStatus('AT_RISK'),
    churnedCustomers: ofStatus('CHURNED'),
    onboardingCustomers: ofStatus('ONBOARDING'),
    averageAdoptionRate: adoption,
    averageNps: nps,
    averageCsat: csat,
  }
}

/** How onboarding goes: days are calendar days from its start. */
export async function onboardingMetrics(ctx: Context): Promise<z.output<typeof contract.getOnboardingMetrics.reply>> {
  const scope = requirePermission(ctx, 'customers.read')
  const { rows } = await sql<z.output<typeof contract.getOnboardingMetrics.reply>>`
    select count(*) filter (where p.onboarding_status <> 'NOT_STARTED')::int as "totalOnboarding",
      count(*) filter (where p.onboarding_status = 'COMPLETED')::int as "completedOnboarding",
      count(*) filter (where p.onboarding_status = 'IN_PROGRESS')::int as "inProgress",
      count(*) filter (where p.onboarding_status = 'ON_HOLD')::int as "onHold",
      count(*) filter (where p.onboarding_status = 'CANCELLED')::int as cancelled,
      count(*) filter (where p.onboarding_status in ('NOT_STARTED', 'IN_PROGRESS', 'ON_HOLD')
        and p.onboarding_target_on < (${ctx.now}::timestamptz at time zone company.time_zone)::date)::int as overdue,
      round(avg(p.first_value_on - p.onboarding_started_on), 1)::float8 as "averageTimeToValueDays",
      round(avg(p.onboarding_completed_on - p.onboarding_started_on) filter (where p.onboarding_status = 'COMPLETED'), 1)::float8 as "averageOnboardingDays",
      round(avg(p.training_completion) filter (where p.onboarding_status <> 'NOT_STARTED'), 1)::float8 as "trainingCompletionRate",
      round(100.0 * count(*) filter (where p.onboarding_status = 'COMPLETED')
        / nullif(count(*) filter (where p.onboarding_status in ('COMPLETED', 'CANCELLED')), 0), 1)::float8 as "onboardingSuccessRate"
    from success_profile p join customer c on c.tenant_id = ${ctx.tenantId} and c.id = p.customer_id
    join tenant company on company.id = ${ctx.tenantId}
    where p.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${withinReach(ctx, scope)}`.execute(ctx.tx)
  return rows[0]!
}

/** What advocates have done. */
export async function advocacyMetrics(ctx: Context): Promise<z.output<typeof contract.getAdvocacyMetrics.reply>> {
  const scope = requirePermission(ctx, 'customers.read')
  const { rows } = await sql<z.output<typeof contract.getAdvocacyMetrics.reply>>`
    with seen as (
      select a.customer_id, a.type, a.status from advocacy_activity a
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = a.customer_id
      where a.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${withinReach(ctx, scope)})
    select count(distinct s.customer_id) filter (where s.status = 'COMPLETED')::int as "totalAdvocates",
      count(*) filter (where s.status in ('PENDING', 'REQUESTED', 'IN_PROGRESS'))::int as "activeActivities",
      count(*) filter (where s.type = 'CASE_STUDY' and s.status = 'COMPLETED')::int as "caseStudiesPublished",
      count(*) filter (where s.type = 'TESTIMONIAL' and s.status = 'COMPLETED')::int as "testimonialsCollected",
      count(*) filter (where s.type = 'REFERENCE_CALL' and s.status = 'COMPLETED')::int as "referenceCallsCompleted",
      round(100.0 * count(*) filter (where s.status = 'COMPLETED')
        / nullif(count(*) filter (where s.status in ('COMPLETED', 'DECLINED', 'CANCELLED')), 0), 1)::float8 as "advocacySuccessRate",
      (select coalesce(json_agg(t order by t.type), '[]') from (
        select g.type, count(*)::int as total, count(*) filter (where g.status = 'COMPLETED')::int as completed
        from seen g group by g.type) t) as "byType"
    from seen s`.execute(ctx.tx)
  return rows[0]!
}
