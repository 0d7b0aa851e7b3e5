import { type RawBuilder, sql } from 'kysely'
import type { AsOf, DerivedMetric, MetricSource } from '../../platform/context/vocabulary.ts'
import type { RecordShape } from '../accounts/catalog.ts'
import { gain } from '../accounts/queries/gain.ts'

export const invoiceShape: RecordShape = {
  table: 'invoice',
  counts: { facts: 'billing', since: 'issued_on' },
  imported: true,
  missing: { status: 'OPEN', failedAttempts: 0 },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    contractId: { column: 'contract_id', type: 'id' },
    externalId: { column: 'external_id', type: 'text' },
    number: { column: 'number', type: 'text' },
    amount: { column: 'amount', type: 'number' },
    currency: { column: 'currency', type: 'text' },
    issuedOn: { column: 'issued_on', type: 'date' },
    dueOn: { column: 'due_on', type: 'date' },
    paidOn: { column: 'paid_on', type: 'date' },
    status: { column: 'status', type: 'one_of' },
    failedAttempts: { column: 'failed_attempts', type: 'integer' },
  },
}

export const paymentShape: RecordShape = {
  table: 'payment',
  counts: { facts: 'billing', since: 'attempted_at' },
  imported: true,
  missing: { outcome: 'SUCCEEDED' },
  fields: {
    customerId: { column: 'customer_id', type: 'id' },
    invoiceId: { column: 'invoice_id', type: 'id' },
    externalId: { column: 'external_id', type: 'text' },
    amount: { column: 'amount', type: 'number' },
    currency: { column: 'currency', type: 'text' },
    attemptedAt: { column: 'attempted_at', type: 'moment' },
    outcome: { column: 'outcome', type: 'one_of' },
    method: { column: 'method', type: 'text' },
    failureReason: { column: 'failure_reason', type: 'text' },
  },
}

/** Mean days by which the invoices were late, as known at the end of the day, that came due between so many days ago. */
function lateness(at: AsOf, from: number, until: number): RawBuilder<unknown> {
  return sql`avg(greatest(least(coalesce(i.paid_on, ${at.day}::date), ${at.day}::date) - i.due_on, 0))
    filter (where i.due_on > ${at.day}::date - ${sql.lit(from)} and i.due_on <= ${at.day}::date - ${sql.lit(until)} and i.status <> 'VOID')`
}

const invoiceSource: MetricSource = {
  key: 'invoices',
  facts: 'billing',
  rows: at =>
    sql`invoice i where i.tenant_id = ${at.tenantId} and ${at.only(sql`i.customer_id`)} and i.issued_on <= ${at.day}::date`,
  customer: sql`i.customer_id`,
  metrics: [
    {
      key: 'billing.invoices_overdue',
      unit: 'count',
      direction: 'down',
      words: { ja: '支払期限超過の請求書', en: 'Overdue invoices' },
      definition: { ja: '支払期限を過ぎて未払いの請求書の数です。', en: 'Invoices unpaid after their due date.' },
      formula: 'count(invoices unpaid, due < day)',
      value: at =>
        sql`count(*) filter (where i.due_on < ${at.day}::date and (i.paid_on is null or i.paid_on > ${at.day}::date) and i.status <> 'VOID')`,
      missing: 0,
    },
    {
      key: 'billing.overdue_amount',
      unit: 'money',
      direction: 'down',
      words: { ja: '延滞金額', en: 'Overdue amount' },
      definition: {
        ja: '支払期限を過ぎて未払いの請求額の合計です。',
        en: 'Amount of invoices unpaid after their due date.',
      },
      formula: 'sum(amount of overdue invoices)',
      value: at =>
        sql`coalesce(sum(i.amount) filter (where i.due_on < ${at.day}::date and (i.paid_on is null or i.paid_on > ${at.day}::date) and i.status <> 'VOID'), 0)`,
      missing: 0,
    },
    {
      key: 'billing.days_late_now',
      unit: 'days',
      direction: 'down',
      words: { ja: '支払遅延日数', en: 'Days late' },
      definition: {
        ja: '未払いの請求書のうち、最も期限を過ぎているものの超過日数です。延滞がなければ0です。',
        en: 'Days by which the latest unpaid invoice is over its due date; 0 without one.',
      },
      formula: 'max(day − due), unpaid invoices',
      value: at =>
        sql`greatest(coalesce(max(${at.day}::date - i.due_on) filter (where (i.paid_on is null or i.paid_on > ${at.day}::date) and i.status <> 'VOID'), 0), 0)`,
      missing: 0,
    },
    {
      key: 'billing.days_late_365',
      unit: 'days',
      direction: 'down',
      window: 365,
      words: { ja: '平均支払遅延（365日）', en: 'Mean delay of payment (365 d)' },
      definition: {
        ja: '直近365日に期限が来た請求書の、平均の遅れ日数です。',
        en: 'Mean days late, of invoices due in the last 365 days.',
      },
      formula: 'mean(max(paid − due, 0)), due in 365 d',
      value: at =>
        sql`avg(greatest(least(coalesce(i.paid_on, ${at.day}::date), ${at.day}::date) - i.due_on, 0)) filter (where i.due_on > ${at.day}::date - 365 and i.due_on <= ${at.day}::date and i.status <> 'VOID')`,
      missing: null,
    },
    {
      key: 'billing.latest_delay_days',
      unit: 'days',
      direction: 'down',
      window: 90,
      words: { ja: '直近の支払遅延', en: 'Latest delay of payment' },
      definition: {
        ja: '直近90日に期限が来た請求書のうち、最も遅れたものの遅れ日数です。',
        en: 'Greatest delay of the invoices due in the last 90 days.',
      },
      formula: 'max(max(paid − due, 0)), due in 90 d',
      value: at =>
        sql`max(greatest(least(coalesce(i.paid_on, ${at.day}::date), ${at.day}::date) - i.due_on, 0)) filter (where i.due_on > ${at.day}::date - 90 and i.due_on <= ${at.day}::date and i.status <> 'VOID')`,
      missing: null,
    },
    {
      key: 'billing.days_late_90',
      unit: 'days',
      direction: 'down',
      window: 90,
      words: { ja: '平均支払遅延（90日）', en: 'Mean delay of payment (90 d)' },
      definition: {
        ja: '直近90日に期限が来た請求書の、平均の遅れ日数です。',
        en: 'Mean days late, of invoices due in the last 90 days.',
      },
      formula: 'mean(max(paid − due, 0)), due in 90 d',
      value: at => lateness(at, 90, 0),
      missing: null,
    },
    {
      key: 'billing.days_late_before_90',
      unit: 'days',
      direction: 'down',
      window: 180,
      words: { ja: '平均支払遅延（その前の90日）', en: 'Mean delay of payment (90 d before)' },
      definition: {
        ja: '91日前から180日前までに期限が来た請求書の、平均の遅れ日数です。',
        en: 'Mean days late, of invoices due 91 to 180 days ago.',
      },
      formula: 'mean(max(paid − due, 0)), due in days 91–180',
      value: at => lateness(at, 180, 90),
      missing: null,
    },
    {
      key: 'billing.paid_on_time_share_365',
      unit: 'percent',
      direction: 'up',
      window: 365,
      words: { ja: '期限内支払率（365日）', en: 'Paid on time (365 d)' },
      definition: {
        ja: '直近365日に期限が来た請求書のうち、期限内に支払われた割合です。',
        en: 'Share of the invoices due in the last 365 days that were paid in time.',
      },
      formula: 'paid by due date ÷ due × 100, 365 d',
      value: at =>
        sql`100.0 * count(*) filter (where i.due_on > ${at.day}::date - 365 and i.due_on <= ${at.day}::date and i.paid_on <= i.due_on) / nullif(count(*) filter (where i.due_on > ${at.day}::date - 365 and i.due_on <= ${at.day}::date and i.status <> 'VOID'), 0)`,
      missing: null,
    },
  ],
}

const paymentSource: MetricSource = {
  key: 'payments',
  facts: 'billing',
  rows: at => sql`(select p.customer_id, p.outcome, p.attempted_at, row_number() over latest as place,
      min(case when p.outcome = 'SUCCEEDED' then 1 end) over latest as paid_since
    from payment p where p.tenant_id = ${at.tenantId} and ${at.only(sql`p.customer_id`)} and p.attempted_at < ${at.end}
    window latest as (partition by p.customer_id order by p.attempted_at desc, p.id desc)) p`,
  customer: sql`p.customer_id`,
  metrics: [
    {
      key: 'billing.failed_payments_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '決済失敗（90日）', en: 'Failed payments (90 d)' },
      definition: { ja: '直近90日に失敗した決済の数です。', en: 'Payments that failed in the last 90 days.' },
      formula: 'count(payments failed, 90 d)',
      value: at =>
        sql`count(*) filter (where p.outcome = 'FAILED' and p.attempted_at >= ${at.end}::timestamptz - interval '90 days')`,
      missing: 0,
    },
    {
      key: 'billing.failed_in_row',
      unit: 'count',
      direction: 'down',
      words: { ja: '連続した決済失敗', en: 'Failed payments in a row' },
      definition: {
        ja: '最後に成功した決済のあとに、続けて失敗した決済の数です。',
        en: 'Payments that failed since the last one that succeeded.',
      },
      formula: 'count(payments failed since last success)',
      value: () => sql`count(*) filter (where p.outcome = 'FAILED' and p.paid_since is null)`,
      missing: 0,
    },
    {
      key: 'billing.failed_share_365',
      unit: 'percent',
      direction: 'down',
      window: 365,
      words: { ja: '決済失敗率（365日）', en: 'Share of failed payments (365 d)' },
      definition: {
        ja: '直近365日の決済のうち、失敗したものの割合です。決済がなければ値はありません。',
        en: 'Share of the payments of the last 365 days that failed; empty where there were none.',
      },
      formula: 'payments failed ÷ payments × 100, 365 d',
      value: at =>
        sql`100.0 * count(*) filter (where p.outcome = 'FAILED' and p.attempted_at >= ${at.end}::timestamptz - interval '365 days') / nullif(count(*) filter (where p.attempted_at >= ${at.end}::timestamptz - interval '365 days'), 0)`,
      missing: null,
    },
    {
      key: 'billing.days_since_payment',
      unit: 'days',
      direction: 'down',
      words: { ja: '最終入金からの日数', en: 'Days since last payment' },
      definition: { ja: '最後に決済が成功してからの日数です。', en: 'Days since a payment last succeeded.' },
      formula: 'day − last success',
      value: at =>
        sql`${at.day}::date - (max(p.attempted_at) filter (where p.outcome = 'SUCCEEDED') at time zone ${at.zone})::date`,
      missing: null,
    },
  ],
}

export const billingDerived: readonly DerivedMetric[] = [
  gain('billing.days_late_change_90', 'days', 'down', 180, ['billing.days_late_90', 'billing.days_late_before_90'], {
    ja: '支払遅延の差（90日）',
    en: 'Change of delay of payment (90 d)',
  }),
  {
    key: 'billing.overdue_months',
    unit: 'ratio',
    direction: 'down',
    words: { ja: '延滞額（MRR比）', en: 'Overdue amount in months' },
    definition: { ja: '延滞金額がMRRの何か月分かです。', en: 'The overdue amount as months of recurring revenue.' },
    formula: 'billing.overdue_amount ÷ contracts.mrr',
    of: ['billing.overdue_amount', 'contracts.mrr'],
    value: metric => sql`${metric('billing.overdue_amount')} / nullif(${metric('contracts.mrr')}, 0)`,
  },
]

export const billingSources: readonly MetricSource[] = [invoiceSource, paymentSource]
