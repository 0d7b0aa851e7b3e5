import { type RawBuilder, sql } from 'kysely'
import type { AsOf, DerivedMetric, MetricSource } from '../../platform/context/vocabulary.ts'
/** The fields of a contract that people and sources write, by their name in the API; each with its column. */
export const contractFields = {
  customerId: { column: 'customer_id', type: 'id' },
  externalId: { column: 'external_id', type: 'text' },
  plan: { column: 'plan', type: 'text' },
  amount: { column: 'amount', type: 'number' },
  currency: { column: 'currency', type: 'text' },
  interval: { column: 'interval', type: 'one_of' },
  startsOn: { column: 'starts_on', type: 'date' },
  endsOn: { column: 'ends_on', type: 'date' },
  renewsOn: { column: 'renews_on', type: 'date' },
  status: { column: 'status', type: 'one_of' },
  autoRenew: { column: 'auto_renew', type: 'boolean' },
  licenceCount: { column: 'licence_count', type: 'integer' },
} as const

export type ContractField = keyof typeof contractFields

/**
 * The term in which the day falls, by the rhythm of the contract from its start on: unlike the dates of renewal and end,
 * which change when a contract is renewed or cancelled, it is the same whatever becomes of the contract later.
 */
function term(at: AsOf): RawBuilder<unknown> {
  return sql`(select (k.starts_on + make_interval(months => passed.terms * each.months))::date as begins,
      (k.starts_on + make_interval(months => (passed.terms + 1) * each.months))::date as ends
    from (values ('MONTH', 1), ('QUARTER', 3), ('YEAR', 12)) each (interval, months)
    cross join lateral (select age(${at.day}::date::timestamp, k.starts_on::timestamp) as since) gone
    cross join lateral (select floor((extract(year from gone.since) * 12 + extract(month from gone.since)) / each.months)::int as terms) passed
    where each.interval = k.interval)`
}

const running: MetricSource = {
  key: 'contracts_running',
  facts: 'contracts',
  rows: at => sql`contract k left join lateral ${term(at)} term on true where k.tenant_id = ${at.tenantId} and ${at.only(sql`k.customer_id`)} and k.status <> 'DRAFT' and k.starts_on <= ${at.day}::date
    and not (k.status = 'CANCELLED' and coalesce(k.ends_on, k.updated_at::date) < ${at.day}::date)
    and (k.ends_on is null or k.ends_on >= ${at.day}::date or (k.auto_renew and k.status = 'ACTIVE'))`,
  customer: sql`k.customer_id`,
  metrics: [
    {
      key: 'contracts.active',
      unit: 'count',
      direction: 'up',
      words: { ja: '有効な契約数', en: 'Running contracts' },
      definition: { ja: 'その日に有効な契約の数です。', en: 'Contracts that run on the day.' },
      formula: 'count(contracts running)',
      value: () => sql`count(*) filter (where not k.standing)`,
      missing: 0,
    },
    {
      key: 'contracts.auto_renew',
      undated: true,
      unit: 'count',
      direction: 'up',
      words: { ja: '自動更新の契約', en: 'Contracts that renew themselves' },
      definition: {
        ja: '有効な契約のうち、自動更新のものの数です。',
        en: 'Running contracts that renew by themselves.',
      },
      formula: 'count(contracts running, auto-renew)',
      value: () => sql`count(*) filter (where k.auto_renew)`,
      missing: 0,
    },
    {
      key: 'contracts.contracted_licences',
      unit: 'count',
      direction: 'up',
      words: { ja: '契約上のライセンス数', en: 'Licences in contracts' },
      definition: { ja: '有効な契約のライセンス数の合計です。', en: 'Licences of the running contracts, added up.' },
      formula: 'sum(licences of running contracts)',
      value: () => sql`sum(k.licence_count)`,
      missing: null,
    },
    {
      key: 'contracts.days_to_renewal',
      undated: true,
      unit: 'days',
      direction: 'neither',
      words: { ja: '更新までの日数', en: 'Days to renewal' },
      definition: {
        ja: '有効な契約の次の更新日（なければ終了日）までの日数です。',
        en: 'Days until the next renewal (else the end) of the running contracts.',
      },
      formula: 'min(renewal) − day',
      value: at =>
        sql`min(coalesce(k.renews_on, k.ends_on)) filter (where coalesce(k.renews_on, k.ends_on) >= ${at.day}::date) - ${at.day}::date`,
      missing: null,
    },
    {
      key: 'contracts.days_to_term_end',
      unit: 'days',
      direction: 'neither',
      words: { ja: '契約期の残り日数', en: 'Days to the end of the term' },
      definition: {
        ja: '契約の開始日から数えた契約期（月・四半期・年）の、次の区切りまでの日数です。',
        en: 'Days until the next month, quarter or year of the contract, counted from its start, is over.',
      },
      formula: 'min(end of term) − day',
      value: at => sql`min(term.ends) - ${at.day}::date`,
      missing: null,
    },
    {
      key: 'contracts.term_elapsed_share',
      unit: 'percent',
      direction: 'neither',
      words: { ja: '契約期の経過割合', en: 'Share of the term elapsed' },
      definition: {
        ja: '契約の開始日から数えた今の契約期（月・四半期・年）の、過ぎた割合です。契約が複数あれば最も進んだものです。',
        en: 'How much of the running month, quarter or year of the contract, counted from its start, is over; of several the farthest.',
      },
      formula: 'max((day − start of term) ÷ length of term) × 100',
      value: at => sql`100.0 * max((${at.day}::date - term.begins)::float8 / (term.ends - term.begins))`,
      missing: null,
    },
    {
      key: 'contracts.months_per_term',
      unit: 'count',
      direction: 'up',
      words: { ja: '契約期の長さ（月）', en: 'Length of the term in months' },
      definition: {
        ja: '有効な契約の期間の長さです（月契約1、四半期3、年契約12）。複数あれば最も長いものです。',
        en: 'How long a term of the running contracts is: 1, 3 or 12 months; of several the longest.',
      },
      formula: 'max(months of the interval)',
      value: () => sql`max(case k.interval when 'MONTH' then 1 when 'QUARTER' then 3 when 'YEAR' then 12 end)`,
      missing: null,
    },
    {
      key: 'contracts.age_days',
      unit: 'days',
      direction: 'up',
      words: { ja: '契約期間', en: 'Contract age' },
      definition: {
        ja: '有効な契約のうち最も古いものの開始からの日数です。',
        en: 'Days since the start of the oldest running contract.',
      },
      formula: 'day − min(start)',
      value: at => sql`${at.day}::date - min(k.starts_on)`,
      missing: null,
    },
  ],
}

const ledger: MetricSource = {
  key: 'contracts_ledger',
  facts: 'contracts',
  rows: at =>
    sql`revenue_movement m where m.tenant_id = ${at.tenantId} and ${at.only(sql`m.customer_id`)} and m.occurred_on <= ${at.day}::date`,
  customer: sql`m.customer_id`,
  metrics: [
    {
      key: 'contracts.mrr',
      unit: 'money',
      direction: 'up',
      words: { ja: 'MRR（収益元帳）', en: 'MRR (ledger)' },
      definition: {
        ja: 'その日時点の月次経常収益です（元帳の合計、顧客の通貨）。',
        en: 'Monthly recurring revenue on the day: the sum of the ledger, in the customer’s currency.',
      },
      formula: 'sum(movements until the day)',
      value: () => sql`sum(m.amount)`,
      missing: 0,
    },
    {
      key: 'contracts.mrr_before_90',
      unit: 'money',
      direction: 'up',
      window: 90,
      words: { ja: 'MRR（90日前）', en: 'MRR (90 d before)' },
      definition: { ja: '90日前のMRRです。', en: 'MRR 90 days before.' },
      formula: 'sum(movements until day − 90)',
      value: at => sql`coalesce(sum(m.amount) filter (where m.occurred_on <= ${at.day}::date - 90), 0)`,
      missing: 0,
    },
    {
      key: 'contracts.expansion_365',
      unit: 'money',
      direction: 'up',
      window: 365,
      words: { ja: '拡大MRR（365日）', en: 'Expansion MRR (365 d)' },
      definition: { ja: '直近365日の増額の合計です。', en: 'Increases of the last 365 days, added up.' },
      formula: 'sum(EXPANSION, 365 d)',
      value: at =>
        sql`coalesce(sum(m.amount) filter (where m.kind = 'EXPANSION' and m.occurred_on > ${at.day}::date - 365), 0)`,
      missing: 0,
    },
    {
      key: 'contracts.contraction_365',
      unit: 'money',
      direction: 'down',
      window: 365,
      words: { ja: '縮小MRR（365日）', en: 'Contraction MRR (365 d)' },
      definition: {
        ja: '直近365日の減額の合計です（正の値）。',
        en: 'Decreases of the last 365 days, as a positive number.',
      },
      formula: '−sum(CONTRACTION, 365 d)',
      value: at =>
        sql`-coalesce(sum(m.amount) filter (where m.kind = 'CONTRACTION' and m.occurred_on > ${at.day}::date - 365), 0)`,
      missing: 0,
    },
    {
      key: 'contracts.expansions_365',
      unit: 'count',
      direction: 'up',
      window: 365,
      words: { ja: '増額の回数（365日）', en: 'Expansions (365 d)' },
      definition: { ja: '直近365日に増額された日の数です。', en: 'Days of the last 365 with an increase.' },
      formula: 'count(days with EXPANSION, 365 d)',
      value: at =>
        sql`count(distinct m.occurred_on) filter (where m.kind = 'EXPANSION' and m.occurred_on > ${at.day}::date - 365)`,
      missing: 0,
    },
    {
      key: 'contracts.contractions_365',
      unit: 'count',
      direction: 'down',
      window: 365,
      words: { ja: '減額の回数（365日）', en: 'Contractions (365 d)' },
      definition: { ja: '直近365日に減額された日の数です。', en: 'Days of the last 365 with a decrease.' },
      formula: 'count(days with CONTRACTION, 365 d)',
      value: at =>
        sql`count(distinct m.occurred_on) filter (where m.kind = 'CONTRACTION' and m.occurred_on > ${at.day}::date - 365)`,
      missing: 0,
    },
    {
      key: 'contracts.contractions_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '減額の回数（90日）', en: 'Contractions (90 d)' },
      definition: { ja: '直近90日に減額された日の数です。', en: 'Days of the last 90 with a decrease.' },
      formula: 'count(days with CONTRACTION, 90 d)',
      value: at =>
        sql`count(distinct m.occurred_on) filter (where m.kind = 'CONTRACTION' and m.occurred_on > ${at.day}::date - 90)`,
      missing: 0,
    },
    {
      key: 'contracts.months_since_price_change',
      unit: 'count',
      direction: 'neither',
      words: { ja: '金額変更からの月数', en: 'Months since the price changed' },
      definition: {
        ja: '最後に契約金額が増減してからの月数です。変更がなければ値はありません。',
        en: 'Months since the recurring revenue last rose or fell; empty where it never did.',
      },
      formula: '(day − last EXPANSION or CONTRACTION) ÷ 30.44',
      value: at =>
        sql`(${at.day}::date - max(m.occurred_on) filter (where m.kind in ('EXPANSION', 'CONTRACTION'))) / 30.44`,
      missing: null,
    },
    {
      key: 'contracts.months_as_customer',
      unit: 'count',
      direction: 'up',
      words: { ja: '取引月数', en: 'Months as a customer' },
      definition: { ja: '最初に収益が発生してからの月数です。', en: 'Months since the first revenue.' },
      formula: '(day − first movement) ÷ 30.44',
      value: at => sql`(${at.day}::date - min(m.occurred_on)) / 30.44`,
      missing: null,
    },
  ],
}

export const contractSources: readonly MetricSource[] = [running, ledger]

export const contractDerived: readonly DerivedMetric[] = [
  {
    key: 'contracts.licences',
    unit: 'count',
    direction: 'up',
    words: { ja: 'ライセンス数', en: 'Licences in force' },
    definition: {
      ja: '有効な契約のライセンス数です。契約に記載がなければ顧客に登録された数です。',
      en: 'Licences of the running contracts, else the number kept on the customer.',
    },
    formula: 'contracts.contracted_licences, else customer.licences',
    of: ['contracts.contracted_licences', 'customer.licences'],
    value: metric => sql`coalesce(${metric('contracts.contracted_licences')}, ${metric('customer.licences')})`,
  },
  {
    key: 'contracts.arr',
    unit: 'money',
    direction: 'up',
    words: { ja: 'ARR（収益元帳）', en: 'ARR (ledger)' },
    definition: { ja: 'MRRの12倍です。', en: 'Twelve times the MRR.' },
    formula: 'contracts.mrr × 12',
    of: ['contracts.mrr'],
    value: metric => sql`${metric('contracts.mrr')} * 12`,
  },
  {
    key: 'contracts.mrr_per_licence',
    unit: 'money',
    direction: 'neither',
    words: { ja: '1ライセンスあたりMRR', en: 'MRR per licence' },
    definition: { ja: 'MRRをライセンス数で割った値です。', en: 'Recurring revenue per licence.' },
    formula: 'contracts.mrr ÷ contracts.licences',
    of: ['contracts.mrr', 'contracts.licences'],
    value: metric => sql`${metric('contracts.mrr')} / nullif(${metric('contracts.licences')}, 0)`,
  },
  {
    key: 'contracts.mrr_change_90',
    unit: 'percent',
    direction: 'up',
    window: 90,
    words: { ja: 'MRRの増減（90日）', en: 'Change of MRR (90 d)' },
    definition: { ja: '90日前のMRRと比べた増減率です。', en: 'Change against the MRR of 90 days ago.' },
    formula: '(mrr − mrr before) ÷ mrr before × 100',
    of: ['contracts.mrr', 'contracts.mrr_before_90'],
    value: metric =>
      sql`100.0 * (${metric('contracts.mrr')} - ${metric('contracts.mrr_before_90')}) / nullif(${metric('contracts.mrr_before_90')}, 0)`,
  },
]
