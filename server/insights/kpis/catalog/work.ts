import { sql } from 'kysely'
import { thereOn } from '../../../customers/accounts/queries/presence.ts'
import type { KpiDefinition, KpiReader } from './shape.ts'

const customers = { ja: '顧客', en: 'Customers' }

/** Customers there at the end of the period, with how often they were in touch in it: `touches.count`. */
const touched = (at: KpiReader, numerator: ReturnType<typeof sql>) => sql`
  select s.month, c.id as customer_id, ${numerator} as numerator, 1 as denominator
  from span s join asked c on ${thereOn(at.zone, sql`s.as_of`)}
  left join (
    select own.month, m.customer_id, count(*) as count from span own
    join communication m on m.tenant_id = ${at.tenantId} and m.kind <> 'NOTE' and m.occurred_at >= own.opens_at and m.occurred_at < own.ends_at
    group by own.month, m.customer_id) touches on touches.month = s.month and touches.customer_id = c.id`

export const workKpis: readonly KpiDefinition[] = [
  {
    key: 'review_completion',
    theme: 'work',
    words: { ja: 'レビュー実施率', en: 'Reviews on time' },
    definition: {
      ja: 'その月に予定されたビジネスレビューのうち、予定日から7日以内に実施したものの割合です。まだ7日たっていない未実施のものは含みません。',
      en: 'Of the business reviews scheduled in the month, those held within seven days of their date. Those not held that still have time do not count.',
    },
    formula: 'reviews held ≤ 7 d after their date ÷ reviews scheduled × 100',
    unit: 'percent',
    direction: 'up',
    window: 'month',
    ownerRole: 'csm',
    parts: { numerator: { ja: '実施', en: 'Held' }, denominator: { ja: '予定', en: 'Scheduled' } },
    scale: 100,
    rows: at => sql`
      select s.month, r.customer_id, coalesce(r.held_at <= r.scheduled_at + interval '7 days', false)::int as numerator, 1 as denominator
      from span s join business_review r on r.tenant_id = ${at.tenantId} and r.scheduled_at >= s.opens_at and r.scheduled_at < s.ends_at
      join asked c on c.id = r.customer_id
      where r.held_at is not null or r.scheduled_at + interval '7 days' < ${at.now}::timestamptz`,
  },
  {
    key: 'portfolio_size',
    theme: 'work',
    words: { ja: 'CSM1人あたりの顧客数', en: 'Customers per CSM' },
    definition: {
      ja: '担当CSMのいる顧客の数を、担当CSMの人数で割ります。期間の最終日の担当で数えます。',
      en: 'Customers with a CSM over the CSMs that have customers, as it was on the last day of the period.',
    },
    formula: 'customers with a CSM ÷ CSMs with customers',
    unit: 'ratio',
    direction: 'neither',
    window: 'day',
    ownerRole: 'head_of_cs',
    parts: { numerator: customers, denominator: { ja: 'CSM（按分）', en: 'CSM (share)' } },
    // Whose it was: what the first change after the day says it was before, else who it is now. The first owner of a record
    // was its owner before it was written down.
    rows: at => sql`
      select owned.month, owned.customer_id, 1 as numerator, 1.0 / count(*) over (partition by owned.month, owned.owner_id) as denominator from (
        select s.month, c.id as customer_id, case when changed.at is null then c.owner_id::text else changed.owner end as owner_id
        from span s join asked c on ${thereOn(at.zone, sql`s.as_of`)}
        left join lateral (select h.at, case when h.from_value is null and h.at <= c.created_at then h.to_value else h.from_value end as owner
          from customer_history h
          where h.tenant_id = ${at.tenantId} and h.customer_id = c.id and h.field = 'owner' and h.at >= (s.ends::timestamp at time zone ${at.zone})
          order by h.at, h.id limit 1) changed on true) owned
      where owned.owner_id is not null`,
  },
  {
    key: 'touch_frequency',
    theme: 'work',
    words: { ja: '接触頻度', en: 'Touch-points per customer' },
    definition: {
      ja: '期間の終わりの顧客1社あたりの、その月の接触（メール・電話・会議・Slack）の回数です。メモは含みません。',
      en: 'E-mails, calls, meetings and Slack messages of the month per customer there at its end. Notes do not count.',
    },
    formula: 'touch-points ÷ customers',
    unit: 'ratio',
    direction: 'up',
    window: 'month',
    ownerRole: 'csm',
    parts: { numerator: { ja: '接触', en: 'Touch-points' }, denominator: customers },
    rows: at => touched(at, sql`coalesce(touches.count, 0)`),
  },
  {
    key: 'contacted_share',
    theme: 'work',
    words: { ja: '接触した顧客の割合', en: 'Customers contacted' },
    definition: {
      ja: '期間の終わりの顧客のうち、その月に1回以上接触した顧客の割合です。',
      en: 'Of the customers there at the end of the month, those that somebody was in touch with in it.',
    },
    formula: 'customers with a touch-point ÷ customers × 100',
    unit: 'percent',
    direction: 'up',
    window: 'month',
    ownerRole: 'csm',
    parts: { numerator: { ja: '接触あり', en: 'Contacted' }, denominator: customers },
    scale: 100,
    rows: at => touched(at, sql`(touches.count is not null)::int`),
  },
  {
    key: 'urgent_alerts_in_24h',
    theme: 'work',
    words: { ja: '重大アラートの24時間以内の対応', en: 'Serious alerts seen to within 24 h' },
    definition: {
      ja: 'その月に顧客について発生した重大・緊急のアラートのうち、24時間以内に担当者が確認または解決したものの割合です。まだ24時間たっていない未対応のものは含みません。',
      en: 'Of the high and critical alerts about customers opened in the month, those acknowledged or resolved by somebody within 24 hours. Those not seen to that still have time do not count.',
    },
    formula: 'alerts seen to ≤ 24 h ÷ alerts × 100',
    unit: 'percent',
    direction: 'up',
    window: 'month',
    ownerRole: 'csm',
    parts: { numerator: { ja: '24時間以内', en: 'Within 24 h' }, denominator: { ja: 'アラート', en: 'Alerts' } },
    scale: 100,
    rows: at => sql`
      select s.month, a.customer_id, coalesce(seen.at <= a.opened_at + interval '24 hours', false)::int as numerator, 1 as denominator
      from span s join alert a on a.tenant_id = ${at.tenantId} and a.severity in ('high', 'critical') and a.opened_at >= s.opens_at and a.opened_at < s.ends_at
      join asked c on c.id = a.customer_id
      left join lateral (select min(p.at) as at from alert_step p
        where p.tenant_id = ${at.tenantId} and p.alert_id = a.id and p.kind in ('acknowledged', 'resolved')) seen on true
      where seen.at is not null or (a.opened_at + interval '24 hours' < ${at.now}::timestamptz and coalesce(a.close_reason, '') not in ('condition_ended', 'customer_merged', 'rule_archived'))`,
  },
]
