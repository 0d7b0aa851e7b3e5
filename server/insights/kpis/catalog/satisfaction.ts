import { sql } from 'kysely'
import type { KpiDefinition, KpiReader } from './shape.ts'

const answers = { ja: '回答', en: 'Answers' }

const meanOf = (kind: 'CSAT' | 'CES') => (at: KpiReader) =>
  sql`
  select s.month, a.customer_id, a.score as numerator, 1 as denominator from span s
  join survey_answer a on a.tenant_id = ${at.tenantId} and a.kind = ${sql.lit(kind)} and a.answered_at >= s.opens_at and a.answered_at < s.ends_at
  join asked c on c.id = a.customer_id`

export const satisfactionKpis: readonly KpiDefinition[] = [
  {
    key: 'nps',
    theme: 'satisfaction',
    words: { ja: 'NPS（3か月）', en: 'NPS (3 months)' },
    definition: {
      ja: '推奨者（9〜10点）の割合から批判者（0〜6点）の割合を引いた値です。直近3か月の、回答者ごとに最新の回答を数えます。',
      en: 'Promoters (9–10) less detractors (0–6) in percent: each person’s latest answer of the last three months.',
    },
    formula: '(promoters − detractors) ÷ answers × 100',
    unit: 'points',
    direction: 'up',
    window: 'three_months',
    ownerRole: 'head_of_cs',
    parts: { numerator: { ja: '推奨者 − 批判者', en: 'Promoters − detractors' }, denominator: answers },
    scale: 100,
    rows: at => sql`
      select month, customer_id, case when score >= 9 then 1 when score <= 6 then -1 else 0 end as numerator, 1 as denominator from (
        select distinct on (s.month, coalesce(a.contact_id, a.id)) s.month, a.customer_id, a.score from span s
        join survey_answer a on a.tenant_id = ${at.tenantId} and a.kind = 'NPS' and a.answered_at >= s.opens_at and a.answered_at < s.ends_at
        join asked c on c.id = a.customer_id
        order by s.month, coalesce(a.contact_id, a.id), a.answered_at desc, a.id desc) latest`,
  },
  {
    key: 'csat',
    theme: 'satisfaction',
    words: { ja: 'CSAT（3か月）', en: 'CSAT (3 months)' },
    definition: {
      ja: '直近3か月のCSAT回答（1〜5）の平均です。',
      en: 'Mean CSAT answer (1 to 5) of the last three months.',
    },
    formula: 'sum(CSAT answers) ÷ answers',
    unit: 'ratio',
    direction: 'up',
    window: 'three_months',
    ownerRole: 'head_of_cs',
    parts: { numerator: { ja: '点数の合計', en: 'Sum of scores' }, denominator: answers },
    rows: meanOf('CSAT'),
  },
  {
    key: 'ces',
    theme: 'satisfaction',
    words: { ja: 'CES（3か月）', en: 'CES (3 months)' },
    definition: {
      ja: '直近3か月のCES回答（1〜7、高いほど手間が少ない）の平均です。',
      en: 'Mean CES answer (1 to 7, higher is easier) of the last three months.',
    },
    formula: 'sum(CES answers) ÷ answers',
    unit: 'ratio',
    direction: 'up',
    window: 'three_months',
    ownerRole: 'cs_manager',
    parts: { numerator: { ja: '点数の合計', en: 'Sum of scores' }, denominator: answers },
    rows: meanOf('CES'),
  },
]
