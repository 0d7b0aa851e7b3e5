import { type RawBuilder, sql } from 'kysely'
import { overdueOn } from '../../../customers/billing/queries.ts'
import { revenueOfSpans } from '../../../customers/contracts/queries/retention.ts'
import type { KpiDefinition, KpiReader } from './shape.ts'

/** The ledger of the customers asked for, a row a period and customer: `r`. */
const ledger = (
  at: KpiReader,
  numerator: RawBuilder<unknown>,
  denominator: RawBuilder<unknown>,
  where: RawBuilder<unknown>,
) =>
  sql`select r.month, r.customer_id, ${numerator} as numerator, ${denominator} as denominator
    from (${revenueOfSpans(at.tenantId, at.currency, at.narrowed ? sql`select id from asked` : undefined)}) r join asked c on c.id = r.customer_id where ${where}`

const paidBefore = sql`r.opening > 0`
const none = sql`null::float8`
const one = sql`1`
const startMrr = { ja: '期首のMRR', en: 'MRR at the start' }

export const revenueKpis: readonly KpiDefinition[] = [
  {
    key: 'arr',
    theme: 'revenue',
    words: { ja: 'ARR', en: 'ARR' },
    definition: {
      ja: '期間の最終日時点の年間経常収益です。収益元帳のMRRを12倍します。会社の通貨の契約だけを合計します。',
      en: 'Annual recurring revenue on the last day of the period: twelve times the MRR of the ledger, of contracts in the company’s currency.',
    },
    formula: 'sum(MRR) × 12',
    unit: 'money',
    direction: 'up',
    window: 'day',
    ownerRole: 'head_of_cs',
    parts: { numerator: { ja: 'ARR', en: 'ARR' } },
    rows: at => ledger(at, sql`r.closing * 12`, none, sql`r.closing <> 0`),
  },
  {
    key: 'mrr_growth',
    theme: 'revenue',
    words: { ja: 'MRR成長率（月次）', en: 'MRR growth (month)' },
    definition: {
      ja: '月初のMRRに対する、その月のMRRの増減です。新規・増額・減額・解約・再開のすべてを含みます。',
      en: 'Change of the MRR in the month against its start: new, expansion, contraction, churn and reactivation.',
    },
    formula: '(MRR end − MRR start) ÷ MRR start × 100',
    unit: 'percent',
    direction: 'up',
    window: 'month',
    ownerRole: 'head_of_cs',
    parts: { numerator: { ja: 'MRRの増減', en: 'Change of MRR' }, denominator: startMrr },
    scale: 100,
    rows: at => ledger(at, sql`r.closing - r.opening`, sql`r.opening`, sql`(r.opening <> 0 or r.closing <> 0)`),
  },
  {
    key: 'nrr',
    theme: 'revenue',
    words: { ja: 'NRR（12か月）', en: 'NRR (12 months)' },
    definition: {
      ja: '12か月前に支払っていた顧客の、現在のMRRの割合です。増額・減額・解約を含み、その後の新規顧客は含みません。',
      en: 'What the customers that paid 12 months before pay now, in percent of then: with expansion, contraction and churn, without customers that came since.',
    },
    formula: 'MRR end ÷ MRR start × 100, customers paying at the start',
    unit: 'percent',
    direction: 'up',
    window: 'twelve_months',
    ownerRole: 'head_of_cs',
    parts: { numerator: { ja: '期末のMRR', en: 'MRR at the end' }, denominator: startMrr },
    scale: 100,
    rows: at => ledger(at, sql`r.closing`, sql`r.opening`, paidBefore),
  },
  {
    key: 'grr',
    theme: 'revenue',
    words: { ja: 'GRR（12か月）', en: 'GRR (12 months)' },
    definition: {
      ja: 'NRRから増額を除いたものです。顧客ごとに、12か月前のMRRを上限として数えます。',
      en: 'NRR without expansion: each customer counts at most with what it paid 12 months before.',
    },
    formula: 'sum(min(MRR end, MRR start)) ÷ MRR start × 100',
    unit: 'percent',
    direction: 'up',
    window: 'twelve_months',
    ownerRole: 'head_of_cs',
    parts: { numerator: { ja: '維持されたMRR', en: 'MRR kept' }, denominator: startMrr },
    scale: 100,
    rows: at => ledger(at, sql`least(r.closing, r.opening)`, sql`r.opening`, paidBefore),
  },
  {
    key: 'expansion_rate',
    theme: 'revenue',
    words: { ja: '拡大率（年度）', en: 'Expansion (fiscal year)' },
    definition: {
      ja: '会計年度の初めに支払っていた顧客の、年度初めからの増額の合計を、年度初めのMRRで割ります。',
      en: 'Increases since the fiscal year began, of the customers that paid then, in percent of their MRR then.',
    },
    formula: 'sum(EXPANSION) ÷ MRR at the start of the fiscal year × 100',
    unit: 'percent',
    direction: 'up',
    window: 'fiscal_year',
    ownerRole: 'cs_manager',
    parts: { numerator: { ja: '増額MRR', en: 'Expansion MRR' }, denominator: startMrr },
    scale: 100,
    rows: at => ledger(at, sql`r.expansion`, sql`r.opening`, paidBefore),
  },
  {
    key: 'expanded_share',
    theme: 'revenue',
    words: { ja: '拡大した顧客の割合（12か月）', en: 'Customers that expanded (12 months)' },
    definition: {
      ja: '12か月前に支払っていた顧客のうち、その後1回以上増額した顧客の割合です。',
      en: 'Of the customers that paid 12 months before, those that expanded at least once since.',
    },
    formula: 'customers with EXPANSION ÷ customers paying at the start × 100',
    unit: 'percent',
    direction: 'up',
    window: 'twelve_months',
    ownerRole: 'cs_manager',
    parts: {
      numerator: { ja: '拡大した', en: 'Expanded' },
      denominator: { ja: '期首の顧客', en: 'Customers at the start' },
    },
    scale: 100,
    rows: at => ledger(at, sql`(r.expansion > 0)::int`, one, paidBefore),
  },
  {
    key: 'revenue_churn_rate',
    theme: 'revenue',
    words: { ja: '収益解約率（月次）', en: 'Revenue churn (month)' },
    definition: {
      ja: '月初のMRRのうち、その月の解約と減額で失ったMRRの割合です。',
      en: 'Share of the MRR of the month’s start that was lost in it by churn and contraction.',
    },
    formula: 'sum(CHURN + CONTRACTION) ÷ MRR start × 100',
    unit: 'percent',
    direction: 'down',
    window: 'month',
    ownerRole: 'head_of_cs',
    parts: { numerator: { ja: '失ったMRR', en: 'MRR lost' }, denominator: startMrr },
    scale: 100,
    rows: at => ledger(at, sql`r.churn + r.contraction`, sql`r.opening`, paidBefore),
  },
  {
    key: 'arpa',
    theme: 'revenue',
    words: { ja: 'ARPA（月額）', en: 'ARPA (monthly)' },
    definition: {
      ja: '有料の顧客1社あたりのMRRです。期間の最終日時点で計算します。',
      en: 'MRR per paying customer on the last day of the period.',
    },
    formula: 'sum(MRR) ÷ count(customers with MRR)',
    unit: 'money',
    direction: 'up',
    window: 'day',
    ownerRole: 'head_of_cs',
    parts: { numerator: { ja: 'MRR', en: 'MRR' }, denominator: { ja: '有料の顧客', en: 'Paying customers' } },
    rows: at => ledger(at, sql`r.closing`, one, sql`r.closing > 0`),
  },
  {
    key: 'ltv',
    theme: 'revenue',
    words: { ja: 'LTV', en: 'LTV' },
    definition: {
      ja: '顧客生涯価値の推計です。1社あたりの年間収益を年間解約率（期末の有料顧客数に対する12か月の解約数）で割った値で、ARRを12か月の解約数で割ることと同じです。粗利は考慮しません。',
      en: 'Estimated lifetime value: yearly revenue per customer over the yearly churn rate (customers lost in 12 months against those paying now), which is ARR over the customers lost. Without gross margin.',
    },
    formula: 'ARR ÷ customers lost in 12 months',
    unit: 'money',
    direction: 'up',
    window: 'twelve_months',
    ownerRole: 'head_of_cs',
    parts: {
      numerator: { ja: 'ARR', en: 'ARR' },
      denominator: { ja: '解約した有料顧客', en: 'Paying customers lost' },
    },
    rows: at =>
      ledger(
        at,
        sql`r.closing * 12`,
        sql`(r.opening > 0 and r.closing <= 0)::int`,
        sql`(r.opening > 0 or r.closing > 0)`,
      ),
  },
  {
    key: 'overdue_invoices',
    theme: 'revenue',
    words: { ja: '支払期限超過の請求書', en: 'Overdue invoices' },
    definition: {
      ja: '期間の最終日に、支払期限を過ぎて未払いだった請求書の数です。',
      en: 'Invoices past their due date and unpaid on the last day of the period.',
    },
    formula: 'count(invoices unpaid, due < day)',
    unit: 'count',
    direction: 'down',
    window: 'day',
    ownerRole: 'cs_manager',
    parts: { numerator: { ja: '請求書', en: 'Invoices' } },
    rows: at => sql`
      select s.month, i.customer_id, 1 as numerator, null::float8 as denominator from span s
      join invoice i on i.tenant_id = ${at.tenantId} and ${overdueOn(sql`s.as_of`)} and i.issued_on <= s.as_of
      join asked c on c.id = i.customer_id`,
  },
]
