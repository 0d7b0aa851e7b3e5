import { sql } from 'kysely'
import { leftWithin, thereOn } from '../../../customers/accounts/queries/presence.ts'
import type { KpiDefinition, KpiReader } from './shape.ts'

const eve = sql`(s.opens - 1)`
const atStart = { ja: '期首の顧客', en: 'Customers at the start' }
const left = { ja: '解約', en: 'Left' }

/** Customers that were there when the period began; 1 for those that left in it. */
const churned = (at: KpiReader) => sql`
  select s.month, c.id as customer_id, ${leftWithin(eve, sql`s.as_of`)}::int as numerator, 1 as denominator
  from span s join asked c on ${thereOn(at.zone, eve)}`

export const retentionKpis: readonly KpiDefinition[] = [
  {
    key: 'monthly_churn_rate',
    theme: 'retention',
    words: { ja: '解約率（月次）', en: 'Churn rate (month)' },
    definition: {
      ja: '月初に契約していた顧客のうち、その月に解約した顧客の割合です。契約開始日（なければ登録日）から顧客として数えます。',
      en: 'Of the customers at the month’s start, those that left in it. A customer counts from the start of its contract, else from its entry.',
    },
    formula: 'customers that left ÷ customers at the start × 100',
    unit: 'percent',
    direction: 'down',
    window: 'month',
    ownerRole: 'head_of_cs',
    parts: { numerator: left, denominator: atStart },
    scale: 100,
    rows: churned,
  },
  {
    key: 'yearly_churn_rate',
    theme: 'retention',
    words: { ja: '解約率（年度）', en: 'Churn rate (fiscal year)' },
    definition: {
      ja: '会計年度の初めに契約していた顧客のうち、年度初めから期間の終わりまでに解約した顧客の割合です。',
      en: 'Of the customers at the start of the fiscal year, those that left until the end of the period.',
    },
    formula: 'customers that left in the fiscal year ÷ customers at its start × 100',
    unit: 'percent',
    direction: 'down',
    window: 'fiscal_year',
    ownerRole: 'head_of_cs',
    parts: { numerator: left, denominator: atStart },
    scale: 100,
    rows: churned,
  },
  {
    key: 'logo_retention',
    theme: 'retention',
    words: { ja: '顧客維持率（12か月）', en: 'Logo retention (12 months)' },
    definition: {
      ja: '12か月前に契約していた顧客のうち、期間の終わりにも契約している顧客の割合です。',
      en: 'Of the customers of 12 months before, those that are still there at the end of the period.',
    },
    formula: 'customers still there ÷ customers at the start × 100',
    unit: 'percent',
    direction: 'up',
    window: 'twelve_months',
    ownerRole: 'head_of_cs',
    parts: { numerator: { ja: '継続', en: 'Stayed' }, denominator: atStart },
    scale: 100,
    rows: at => sql`
      select s.month, c.id as customer_id, (not ${leftWithin(eve, sql`s.as_of`)})::int as numerator, 1 as denominator
      from span s join asked c on ${thereOn(at.zone, eve)}`,
  },
  {
    key: 'renewal_rate',
    theme: 'retention',
    words: { ja: '更新率（3か月）', en: 'Renewal rate (3 months)' },
    definition: {
      ja: '直近3か月に契約の年次の更新日（契約開始日から1年ごと）を迎えた契約のうち、その日にも顧客が経常収益を支払っていた割合です。収益だけを登録した顧客と一括払いの契約は含みません。',
      en: 'Of the contracts that reached a yearly anniversary of their start in the last three months, those whose customer paid recurring revenue on that day. Without revenue that was entered without a contract, and one-time contracts.',
    },
    formula: 'contracts renewed ÷ anniversaries reached × 100',
    unit: 'percent',
    direction: 'up',
    window: 'three_months',
    ownerRole: 'cs_manager',
    parts: { numerator: { ja: '更新', en: 'Renewed' }, denominator: { ja: '更新日を迎えた契約', en: 'Contracts due' } },
    scale: 100,
    rows: at => sql`
      select s.month, k.customer_id, ((select coalesce(sum(m.amount), 0) from revenue_movement m
          where m.tenant_id = ${at.tenantId} and m.customer_id = k.customer_id and m.occurred_on <= due.day) > 0)::int as numerator,
        1 as denominator
      from contract k join asked c on c.id = k.customer_id
      cross join lateral (select (k.starts_on + years * interval '1 year')::date as day
        from generate_series(1, greatest(0, extract(year from age(${at.today}::date, k.starts_on))::int)) years) due
      join span s on due.day >= s.opens and due.day < s.ends
      where k.tenant_id = ${at.tenantId} and not k.standing and k.interval <> 'ONE_TIME' and k.status in ('ACTIVE', 'ENDED')
        and (k.ends_on is null or k.ends_on >= due.day - 1)`,
  },
]
