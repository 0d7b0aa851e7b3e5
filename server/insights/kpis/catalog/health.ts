import { type RawBuilder, sql } from 'kysely'
import { type KpiDefinition, type KpiReader, notLeft } from './shape.ts'

/**
 * The health of the customers that had not left, as of the end of each period: a row `h` with score and colour. Scores
 * that no scorecard gave have the colour of their level.
 */
function healthAt(at: KpiReader, numerator: RawBuilder<unknown>): RawBuilder<unknown> {
  const colour = sql`coalesce(band.colour, case when x.score >= 80 then 'green' when x.score >= 60 then 'yellow' when x.score >= 40 then 'orange' else 'red' end)`
  return sql`
    select h.month, h.customer_id, ${numerator} as numerator, 1 as denominator from (
      select x.month, x.customer_id, x.score::float8 as score, ${colour} as colour from (
        select s.month, c.id as customer_id, c.health_score as score, own.scorecard_id, own.version, own.band
        from span s join asked c on s.as_of >= ${at.today}::date and c.status <> 'CHURNED' and c.health_score is not null
        left join customer_health own on own.tenant_id = ${at.tenantId} and own.customer_id = c.id
        union all
        select s.month, c.id, d.score, d.scorecard_id, d.version, d.band from span s
        join lateral (select max(k.day) as day from figures_day k
          where k.tenant_id = ${at.tenantId} and k.day <= s.as_of and k.day > s.as_of - 31) kept on true
        join health_daily d on d.tenant_id = ${at.tenantId} and d.day = kept.day and d.score is not null
        join asked c on c.id = d.customer_id and ${notLeft(sql`s.as_of`)}
        where s.as_of < ${at.today}::date) x
      left join (
        select v.scorecard_id, v.version, b ->> 'key' as key, b ->> 'colour' as colour
        from scorecard_version v cross join jsonb_array_elements(v.definition -> 'bands') b where v.tenant_id = ${at.tenantId}) band
        on band.scorecard_id = x.scorecard_id and band.version = x.version and band.key = x.band) h`
}

const scored = { ja: '採点された顧客', en: 'Customers scored' }

export const healthKpis: readonly KpiDefinition[] = [
  {
    key: 'mean_health',
    theme: 'health',
    words: { ja: '平均健全度', en: 'Mean health' },
    definition: {
      ja: '解約していない顧客の健全度の平均です。健全度のない顧客は含みません。',
      en: 'Mean health of the customers that have not left; those without a score do not count.',
    },
    formula: 'sum(health) ÷ customers scored',
    unit: 'points',
    direction: 'up',
    window: 'day',
    ownerRole: 'cs_manager',
    parts: { numerator: { ja: '健全度', en: 'Health' }, denominator: scored },
    rows: at => healthAt(at, sql`h.score`),
  },
  {
    key: 'green_ratio',
    theme: 'health',
    words: { ja: 'グリーン比率', en: 'Green ratio' },
    definition: {
      ja: '採点された顧客のうち、健全度の色が緑の顧客の割合です。色はスコアカードの区分によります。',
      en: 'Of the customers scored, those whose health is green by the bands of their scorecard.',
    },
    formula: 'customers in green ÷ customers scored × 100',
    unit: 'percent',
    direction: 'up',
    window: 'day',
    ownerRole: 'cs_manager',
    parts: { numerator: { ja: '緑', en: 'Green' }, denominator: scored },
    scale: 100,
    rows: at => healthAt(at, sql`(h.colour = 'green')::int`),
  },
  {
    key: 'healthy_share',
    theme: 'health',
    words: { ja: '健全な顧客の割合', en: 'Healthy customers' },
    definition: {
      ja: '採点された顧客のうち、健全度の色が緑または黄の顧客の割合です。',
      en: 'Of the customers scored, those whose health is green or yellow.',
    },
    formula: 'customers in green or yellow ÷ customers scored × 100',
    unit: 'percent',
    direction: 'up',
    window: 'day',
    ownerRole: 'cs_manager',
    parts: { numerator: { ja: '緑・黄', en: 'Green or yellow' }, denominator: scored },
    scale: 100,
    rows: at => healthAt(at, sql`(h.colour in ('green', 'yellow'))::int`),
  },
]
