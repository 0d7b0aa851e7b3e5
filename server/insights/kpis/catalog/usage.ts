import { type RawBuilder, sql } from 'kysely'
import { figuresAt, type KpiDefinition, type KpiReader, notLeft } from './shape.ts'

/** A fraction of figures of the customers that had not left. @param where on the figures, too */
const figures = (
  at: KpiReader,
  numerator: RawBuilder<unknown>,
  denominator: RawBuilder<unknown>,
  where: RawBuilder<unknown>,
) =>
  sql`select figures_at.month, c.id as customer_id, ${numerator} as numerator, ${denominator} as denominator
    from ${figuresAt(at)} join asked c on c.id = figures_at.customer_id and ${notLeft(sql`figures_at.as_of`)} where ${where}`

const metric = (at: KpiReader, key: string) => sql`figures_at.figures[${at.place(key)}]`
const one = sql`1`
const people = { ja: '利用者（30日）', en: 'Active people (30 d)' }

export const usageKpis: readonly KpiDefinition[] = [
  {
    key: 'core_adoption',
    theme: 'usage',
    words: { ja: '定着率', en: 'Adoption' },
    definition: {
      ja: 'サクセスプロファイルに定着率がある、解約していない顧客の平均です。',
      en: 'Mean adoption rate of the success profiles, of customers that have not left and have one.',
    },
    formula: 'sum(success.adoption_rate) ÷ customers with one',
    unit: 'percent',
    direction: 'up',
    window: 'day',
    ownerRole: 'csm',
    parts: {
      numerator: { ja: '定着率', en: 'Adoption' },
      denominator: { ja: '値のある顧客', en: 'Customers with one' },
    },
    rows: at =>
      figures(at, metric(at, 'success.adoption_rate'), one, sql`${metric(at, 'success.adoption_rate')} is not null`),
  },
  {
    key: 'dau_mau',
    theme: 'usage',
    words: { ja: 'DAU/MAU', en: 'DAU/MAU' },
    definition: {
      ja: '1日あたりの平均利用者数が、直近30日の利用者数の何％にあたるかです。全顧客の利用者を合計して計算します。',
      en: 'Mean daily active people as a share of the people active in 30 days, over all customers together.',
    },
    formula: 'sum(mean daily people, 30 d) ÷ sum(people, 30 d) × 100',
    unit: 'percent',
    direction: 'up',
    window: 'day',
    ownerRole: 'cs_manager',
    parts: { numerator: { ja: '1日の平均利用者', en: 'Mean daily people' }, denominator: people },
    scale: 100,
    rows: at =>
      figures(
        at,
        sql`coalesce(${metric(at, 'usage.dau_mau')}, 0) * ${metric(at, 'usage.active_people_30')} / 100`,
        metric(at, 'usage.active_people_30'),
        sql`${metric(at, 'usage.active_people_30')} > 0`,
      ),
  },
  {
    key: 'seat_use',
    theme: 'usage',
    words: { ja: 'ライセンス利用率', en: 'Seat use' },
    definition: {
      ja: 'ライセンス数に対する、直近30日の利用者数の割合です。顧客ごとにライセンス数を上限として数えます。',
      en: 'People active in 30 days as a share of licences; each customer counts at most with its licences.',
    },
    formula: 'sum(min(people in 30 d, licences)) ÷ sum(licences) × 100',
    unit: 'percent',
    direction: 'up',
    window: 'day',
    ownerRole: 'csm',
    parts: {
      numerator: { ja: '使われているライセンス', en: 'Seats used' },
      denominator: { ja: 'ライセンス', en: 'Licences' },
    },
    scale: 100,
    rows: at =>
      figures(
        at,
        sql`least(coalesce(${metric(at, 'usage.active_people_30')}, 0), ${metric(at, 'contracts.licences')})`,
        metric(at, 'contracts.licences'),
        sql`${metric(at, 'contracts.licences')} > 0`,
      ),
  },
  {
    key: 'login_frequency',
    theme: 'usage',
    words: { ja: '利用頻度', en: 'Frequency of use' },
    definition: {
      ja: '直近30日に利用した人が、平均して何日利用したかです。',
      en: 'On how many of the last 30 days the people who used the product did so, on average.',
    },
    formula: 'sum(days of use of all people, 30 d) ÷ people in 30 d',
    unit: 'days',
    direction: 'up',
    window: 'day',
    ownerRole: 'csm',
    parts: { numerator: { ja: '利用日数の合計', en: 'Days of use' }, denominator: people },
    rows: at =>
      figures(
        at,
        sql`coalesce(${metric(at, 'usage.login_days_30')}, 0) * ${metric(at, 'usage.active_people_30')}`,
        metric(at, 'usage.active_people_30'),
        sql`${metric(at, 'usage.active_people_30')} > 0`,
      ),
  },
  {
    key: 'active_customers',
    theme: 'usage',
    words: { ja: '利用中の顧客の割合', en: 'Customers in use' },
    definition: {
      ja: '解約していない顧客のうち、直近30日に1人以上が利用した顧客の割合です。',
      en: 'Of the customers that have not left, those where somebody used the product in the last 30 days.',
    },
    formula: 'customers with people in 30 d ÷ customers × 100',
    unit: 'percent',
    direction: 'up',
    window: 'day',
    ownerRole: 'cs_manager',
    parts: { numerator: { ja: '利用あり', en: 'In use' }, denominator: { ja: '顧客', en: 'Customers' } },
    scale: 100,
    rows: at => figures(at, sql`(coalesce(${metric(at, 'usage.active_people_30')}, 0) > 0)::int`, one, sql`true`),
  },
]
