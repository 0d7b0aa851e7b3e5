import { type RawBuilder, sql } from 'kysely'
import type { KpiDefinition, KpiReader } from './shape.ts'

/** Tickets `t` of the customers asked for, by a condition on them and the period. */
const tickets = (
  at: KpiReader,
  where: RawBuilder<unknown>,
  numerator: RawBuilder<unknown>,
  denominator: RawBuilder<unknown>,
) => sql`
  select s.month, t.customer_id, ${numerator} as numerator, ${denominator} as denominator
  from span s join ticket t on t.tenant_id = ${at.tenantId} and ${where} join asked c on c.id = t.customer_id`

const opened = sql`t.opened_at >= s.opens_at and t.opened_at < s.ends_at`
const hours = (from: string, to: string) =>
  sql`extract(epoch from ${sql.ref(`t.${to}`)} - ${sql.ref(`t.${from}`)})::float8 / 3600`
const [one, none] = [sql`1`, sql`null::float8`]
const count = { ja: 'チケット', en: 'Tickets' }

export const supportKpis: readonly KpiDefinition[] = [
  {
    key: 'first_response_in_sla',
    theme: 'support',
    words: { ja: '初回応答のSLA遵守率', en: 'First responses within SLA' },
    definition: {
      ja: 'その月に開かれたチケットのうち、顧客のティアで約束した時間内に最初の返答をした割合です。約束のないティアと、まだ期限前の未返答は含みません。',
      en: 'Of the tickets opened in the month, those first answered within the hours that the customer’s tier promises. Tiers without a promise and unanswered tickets still in time do not count.',
    },
    formula: 'tickets answered in time ÷ tickets answered or overdue × 100',
    unit: 'percent',
    direction: 'up',
    window: 'month',
    ownerRole: 'support_l2',
    parts: { numerator: { ja: '時間内', en: 'In time' }, denominator: count },
    scale: 100,
    rows: at => sql`
      select s.month, t.customer_id, coalesce(t.first_response_at <= t.opened_at + tier.hours * interval '1 hour', false)::int as numerator, 1 as denominator
      from span s join ticket t on t.tenant_id = ${at.tenantId} and ${opened} join asked c on c.id = t.customer_id
      join jsonb_to_recordset(${at.promises}::jsonb) as tier (key text, hours float8) on tier.key = c.tier_key
      where t.first_response_at < s.ends_at or t.opened_at + tier.hours * interval '1 hour' < s.ends_at`,
  },
  {
    key: 'first_response_hours',
    theme: 'support',
    words: { ja: '初回応答時間', en: 'First response' },
    definition: {
      ja: 'その月に開かれ、返答のあったチケットの、最初の返答までの平均時間です。',
      en: 'Mean hours until the first answer, of the tickets opened in the month that have one.',
    },
    formula: 'sum(first response − opened) ÷ tickets',
    unit: 'hours',
    direction: 'down',
    window: 'month',
    ownerRole: 'support_l2',
    parts: { numerator: { ja: '時間', en: 'Hours' }, denominator: count },
    rows: at =>
      tickets(at, sql`${opened} and t.first_response_at < s.ends_at`, hours('opened_at', 'first_response_at'), one),
  },
  {
    key: 'resolution_hours',
    theme: 'support',
    words: { ja: '解決までの時間', en: 'Time to resolution' },
    definition: {
      ja: 'その月に解決したチケットの、解決までの平均時間です。',
      en: 'Mean hours until resolution, of the tickets resolved in the month.',
    },
    formula: 'sum(resolved − opened) ÷ tickets',
    unit: 'hours',
    direction: 'down',
    window: 'month',
    ownerRole: 'support_l2',
    parts: { numerator: { ja: '時間', en: 'Hours' }, denominator: count },
    rows: at =>
      tickets(
        at,
        sql`t.resolved_at >= s.opens_at and t.resolved_at < s.ends_at`,
        hours('opened_at', 'resolved_at'),
        one,
      ),
  },
  {
    key: 'open_tickets',
    theme: 'support',
    words: { ja: '未解決チケット', en: 'Open tickets' },
    definition: {
      ja: '期間の終わりに解決していないチケットの数です。',
      en: 'Tickets not resolved at the end of the period.',
    },
    formula: 'count(tickets open)',
    unit: 'count',
    direction: 'down',
    window: 'day',
    ownerRole: 'support_l2',
    parts: { numerator: count },
    rows: at =>
      tickets(
        at,
        sql`t.opened_at < s.ends_at and (t.resolved_at >= s.ends_at or (t.resolved_at is null and t.status not in ('RESOLVED', 'CLOSED')))`,
        one,
        none,
      ),
  },
  {
    key: 'ticket_volume',
    theme: 'support',
    words: { ja: '新規チケット', en: 'Tickets opened' },
    definition: { ja: 'その月に開かれたチケットの数です。', en: 'Tickets opened in the month.' },
    formula: 'count(tickets opened)',
    unit: 'count',
    direction: 'down',
    window: 'month',
    ownerRole: 'support_l2',
    parts: { numerator: count },
    rows: at => tickets(at, opened, one, none),
  },
  {
    key: 'support_satisfaction',
    theme: 'support',
    words: { ja: 'サポート満足度', en: 'Support satisfaction' },
    definition: {
      ja: 'その月に開かれたチケットの評価（1〜5）の平均です。',
      en: 'Mean rating (1 to 5) of the tickets opened in the month.',
    },
    formula: 'sum(ratings) ÷ rated tickets',
    unit: 'ratio',
    direction: 'up',
    window: 'month',
    ownerRole: 'support_l2',
    parts: { numerator: { ja: '評価の合計', en: 'Sum of ratings' }, denominator: { ja: '評価', en: 'Ratings' } },
    rows: at => tickets(at, sql`${opened} and t.satisfaction is not null`, sql`t.satisfaction`, one),
  },
]
