import { sql } from 'kysely'
import { thereOn } from '../../../customers/accounts/queries/presence.ts'
import type { KpiDefinition } from './shape.ts'

export const advocacyKpis: readonly KpiDefinition[] = [
  {
    key: 'advocate_share',
    theme: 'advocacy',
    words: { ja: '推奨活動のある顧客の割合', en: 'Customers who advocate' },
    definition: {
      ja: '顧客のうち、事例・推薦・照会などの推奨活動を1件以上完了した顧客の割合です。期間の最終日時点で数えます。',
      en: 'Of the customers on the last day of the period, those that completed at least one advocacy activity: case study, testimonial, reference call or the like.',
    },
    formula: 'customers with a completed activity ÷ customers × 100',
    unit: 'percent',
    direction: 'up',
    window: 'day',
    ownerRole: 'csm',
    parts: { numerator: { ja: '推奨活動あり', en: 'Advocates' }, denominator: { ja: '顧客', en: 'Customers' } },
    scale: 100,
    rows: at => sql`
      select s.month, c.id as customer_id, exists (select 1 from advocacy_activity a
          where a.tenant_id = ${at.tenantId} and a.customer_id = c.id and a.status = 'COMPLETED' and a.completed_on <= s.as_of)::int as numerator,
        1 as denominator
      from span s join asked c on ${thereOn(at.zone, sql`s.as_of`)}`,
  },
  {
    key: 'case_studies',
    theme: 'advocacy',
    words: { ja: '導入事例（年度）', en: 'Case studies (fiscal year)' },
    definition: {
      ja: '会計年度の初めから期間の終わりまでに完了した導入事例の数です。',
      en: 'Case studies completed since the fiscal year began.',
    },
    formula: 'count(case studies completed)',
    unit: 'count',
    direction: 'up',
    window: 'fiscal_year',
    ownerRole: 'sales_marketing',
    parts: { numerator: { ja: '導入事例', en: 'Case studies' } },
    rows: at => sql`
      select s.month, a.customer_id, 1 as numerator, null::float8 as denominator from span s
      join advocacy_activity a on a.tenant_id = ${at.tenantId} and a.type = 'CASE_STUDY' and a.status = 'COMPLETED'
        and a.completed_on >= s.opens and a.completed_on <= s.as_of
      join asked c on c.id = a.customer_id`,
  },
]
