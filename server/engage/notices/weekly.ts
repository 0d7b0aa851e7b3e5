import { Cron } from 'croner'
import type { Words } from '../../platform/errors/words.ts'
import type { NoticeTimes } from './contract/preferences.ts'
import { quietUntil } from './quiet.ts'

/** What churn scores the weekly report is about: from the first on, below the second. */
export const reportedBand = { from: 60, below: 80 } as const

const day = 86_400_000
/** After so long a report that could not be written is left out: the next one comes. */
const patience = day

/** The Monday, YYYY-MM-DD, whose report a person is to get now; undefined: none. Mondays begin at 08:00 where they are. */
export function weekDue(now: Date, times: NoticeTimes, zone: string): string | undefined {
  if (!times.weeklyReport) return undefined
  const monday = new Cron('0 8 * * 1', { timezone: zone }).nextRun(new Date(now.getTime() - 7 * day))
  if (!monday || monday > now) return undefined
  // On a day off, or where quiet hours last longer, it waits as other mails do.
  const due = quietUntil(monday, times, zone)
  if (due > now || now.getTime() - due.getTime() >= patience) return undefined
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(monday)
}

/** A customer of the report: `in` the band, or gone from it since last week. */
export interface ReportLine {
  id: string
  name: string
  owner: string | null
  /** Whole points; null: it has no score any more. */
  score: number | null
  before: number | null
  now: 'in' | 'above' | 'below'
  /** What raises the score most, in words; null where nothing is known. */
  reason: Words | null
}

/** A line in words: the score with its change since last week, what raises it most, and who looks after the customer. */
export function lineWords({ name, owner, score, before, now, reason }: ReportLine): { title: Words; text: Words } {
  const shown = score === null ? '–' : String(score)
  const change = score === null || before === null ? null : score - before
  const signed = change === null ? null : change > 0 ? `+${change}` : change === 0 ? '±0' : `−${-change}`
  const was: Words =
    signed === null
      ? {
          ja: before === null ? '先週は値なし' : `先週 ${before}`,
          en: before === null ? 'no score last week' : `${before} last week`,
        }
      : { ja: `先週比 ${signed}`, en: `${signed} since last week` }
  const left: Words | undefined = {
    in: undefined,
    above: { ja: `${reportedBand.below}以上に上昇`, en: `rose to ${reportedBand.below} or more` },
    below: { ja: `${reportedBand.from}未満に低下`, en: `fell below ${reportedBand.from}` },
  }[now]
  return {
    title: { ja: name, en: name },
    text: {
      ja: [
        `解約スコア ${shown}（${was.ja}）`,
        left?.ja,
        reason && `主な理由: ${reason.ja}`,
        `担当: ${owner ?? '未割り当て'}`,
      ]
        .filter(Boolean)
        .join(' ・ '),
      en: [`Churn score ${shown} (${was.en})`, left?.en, reason && `because: ${reason.en}`, `CSM: ${owner ?? 'nobody'}`]
        .filter(Boolean)
        .join(' · '),
    },
  }
}
