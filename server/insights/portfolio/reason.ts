import type { Words } from '../../platform/errors/words.ts'

/** What is known of a customer that may call for action; null where it is not known. */
export interface Situation {
  health: number | null
  /** Points in four weeks. */
  healthChange: number | null
  daysToRenewal: number | null
  /** Percent against the four weeks before. */
  useChange: number | null
  daysSinceUse: number | null
  daysSinceContact: number | null
  urgentTickets: number | null
  openTickets: number | null
  daysLate: number | null
  detractors: number | null
  championsLeft: number | null
  /** Names of the high risk signals that it shows, the latest first. */
  highSignals: readonly Words[] | null
}

/** Reasons that are told of one customer. */
const most = 3

/** Why a customer needs somebody, the most pressing first, with its numbers. */
export function reasonsOf(is: Situation): Words[] {
  const reasons: [number, Words][] = []
  const add = (weight: number, ja: string, en: string) => reasons.push([weight, { ja, en }])
  const at = (value: number | null, least: number) => value !== null && value >= least
  if (at(is.urgentTickets, 1))
    add(
      10,
      `緊急のチケットが${is.urgentTickets}件未解決`,
      `${is.urgentTickets} urgent ${plural(is.urgentTickets!, 'ticket')} open`,
    )
  const [latest, ...others] = is.highSignals ?? []
  if (latest) {
    const count = others.length + 1
    add(
      9.5 + Math.min(count, 10) / 20,
      others.length > 0 ? `高リスクシグナル${count}件（${latest.ja}ほか）` : `高リスクシグナル: ${latest.ja}`,
      others.length > 0 ? `${count} high risk signals (${latest.en}, and others)` : `High risk signal: ${latest.en}`,
    )
  }
  if (at(is.championsLeft, 1)) add(9, '推進役が退職', 'Their champion left')
  if (is.healthChange !== null && is.healthChange <= -5) {
    add(
      8 - is.healthChange / 20,
      `健全度が4週間で${Math.round(-is.healthChange)}点低下`,
      `Health fell by ${Math.round(-is.healthChange)} in four weeks`,
    )
  }
  if (is.useChange !== null && is.useChange <= -20) {
    add(
      7 - is.useChange / 50,
      `利用が前の4週より${Math.round(-is.useChange)}%減少`,
      `Use fell by ${Math.round(-is.useChange)}% against four weeks before`,
    )
  }
  if (at(is.daysSinceUse, 14)) add(8, `${is.daysSinceUse}日間利用なし`, `No use for ${is.daysSinceUse} days`)
  if (is.daysToRenewal !== null && is.daysToRenewal >= 0 && is.daysToRenewal <= 90) {
    add(
      6 + (90 - is.daysToRenewal) / 30,
      `更新まで${is.daysToRenewal}日`,
      `Renews in ${is.daysToRenewal} ${plural(is.daysToRenewal, 'day')}`,
    )
  }
  if (at(is.daysLate, 8)) add(6, `支払いが${is.daysLate}日遅延`, `Payment ${is.daysLate} days late`)
  if (at(is.detractors, 1))
    add(
      5,
      `直近90日に批判的なNPS回答が${is.detractors}件`,
      `${is.detractors} NPS ${plural(is.detractors!, 'detractor')} in 90 days`,
    )
  if (at(is.daysSinceContact, 45))
    add(4, `${is.daysSinceContact}日間接触なし`, `No contact for ${is.daysSinceContact} days`)
  if (at(is.openTickets, 3)) add(3, `未解決のチケットが${is.openTickets}件`, `${is.openTickets} tickets open`)
  return reasons
    .sort(([one], [other]) => other - one)
    .slice(0, most)
    .map(([, words]) => words)
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`
}
