import { numberWords } from '../../catalog/conditions/facts.ts'
import type { Words } from '../../platform/errors/words.ts'
import type { AlertTrigger, alertEvents, alertKpis } from './contract/rules.ts'

type Kpi = (typeof alertKpis)[number]
type EventType = (typeof alertEvents)[number]

const kpiWords: Readonly<Record<Kpi, Words & { unit?: 'percent' }>> = {
  monthly_churn_rate: { ja: '月次解約率（直近30日）', en: 'Monthly churn rate (last 30 days)', unit: 'percent' },
  nps_detractors_7: { ja: 'NPSの批判者（直近7日）', en: 'NPS detractors (last 7 days)' },
  mean_health: { ja: '健全度の平均', en: 'Mean health score' },
  overdue_invoices: { ja: '期限を過ぎた請求書', en: 'Overdue invoices' },
}

const eventWords: Readonly<Record<EventType, Words>> = {
  'payment.failed': { ja: '支払いに失敗しました', en: 'A payment failed' },
  'customer.churned': { ja: '解約になりました', en: 'The customer churned' },
  'customer.status_changed': { ja: '状態が変わりました', en: 'The status changed' },
  'customer.owner_changed': { ja: '担当CSMが変わりました', en: 'The CSM changed' },
  'customer.tier_changed': { ja: 'ティアが変わりました', en: 'The tier changed' },
  'health.band_changed': { ja: '健全度の区分が変わりました', en: 'The health band changed' },
  'onboarding.warning': { ja: 'オンボーディングの早期警告が出ました', en: 'Onboarding gave an early warning' },
  'onboarding.behind': { ja: 'オンボーディングが遅れています', en: 'Onboarding fell behind' },
  'onboarding.stuck': { ja: 'オンボーディングが停滞しています', en: 'Onboarding is stuck' },
  'onboarding.completed': { ja: 'オンボーディングが完了しました', en: 'Onboarding was completed' },
}

const limits: Readonly<Record<string, Words>> = {
  more_than: { ja: '#超', en: 'more than #' },
  at_least: { ja: '#以上', en: 'at least #' },
  less_than: { ja: '#未満', en: 'below #' },
  at_most: { ja: '#以下', en: 'at most #' },
}

/** What a figure of the company says. @param of what it was worked out from */
export function kpiFacts(trigger: Extract<AlertTrigger, { kind: 'kpi' }>, value: number, of: Words | null): Words[] {
  const { unit, ...name } = kpiWords[trigger.kpi]
  const limit = limits[trigger.op]!
  const bound = numberWords(trigger.value, unit)
  const shown = numberWords(value, unit)
  const fact = {
    ja: `${name.ja}: ${shown}（${limit.ja.replace('#', bound)}）`,
    en: `${name.en}: ${shown} (${limit.en.replace('#', bound)})`,
  }
  return of ? [fact, of] : [fact]
}

/** What is known of a score: now, and where it was. */
export interface ScoreDetail {
  score: number
  /** Highest of the last days, for a fall. */
  peak: number | null
  peakDay: string | null
  bandJa: string | null
  bandEn: string | null
}

type ScoreTrigger = Extract<AlertTrigger, { kind: 'score_below' | 'score_fell' | 'score_band' }>

/** Why a score gives cause for alarm. Scores are said as screens show them: whole points. */
export function scoreFacts(trigger: ScoreTrigger, { score, peak, peakDay, bandJa, bandEn }: ScoreDetail): Words[] {
  const now = String(Math.round(score))
  switch (trigger.kind) {
    case 'score_below':
      return [{ ja: `健全度: ${now}（${trigger.below}未満）`, en: `Health score: ${now} (below ${trigger.below})` }]
    case 'score_fell': {
      const fell = numberWords((peak ?? score) - score)
      return [
        {
          ja: `健全度: ${Math.round(peak ?? score)} → ${now}（${peakDay ?? ''}から${fell}ポイント低下）`,
          en: `Health score: ${Math.round(peak ?? score)} → ${now} (down ${fell} points since ${peakDay ?? ''})`,
        },
      ]
    }
    default:
      return [
        {
          ja: `健全度の区分: ${bandJa ?? trigger.band}（${now}）`,
          en: `Health band: ${bandEn ?? trigger.band} (${now})`,
        },
      ]
  }
}

/** What happened. @param payload of the event */
export function eventFacts(type: EventType, payload: Readonly<Record<string, unknown>>): Words[] {
  const { from, to, amount, currency, reason } = payload
  const facts: Words[] = [eventWords[type]]
  // Members are named by ids, which say nothing.
  if (type !== 'customer.owner_changed' && (from !== undefined || to !== undefined)) {
    const change = `${from ?? '–'} → ${to ?? '–'}`
    facts.push({ ja: change, en: change })
  }
  if (typeof amount === 'number') {
    const sum = `${amount.toLocaleString('en-US')} ${typeof currency === 'string' ? currency : ''}`.trim()
    facts.push({ ja: `金額: ${sum}`, en: `Amount: ${sum}` })
  }
  if (typeof reason === 'string' && reason) facts.push({ ja: `理由: ${reason}`, en: `Reason: ${reason}` })
  // What of it is meant: the warning, or the journey.
  const { words } = payload
  if (isWords(words)) facts.push(words)
  return facts
}

function isWords(value: unknown): value is Words {
  return typeof value === 'object' && value !== null && 'ja' in value && 'en' in value
}
