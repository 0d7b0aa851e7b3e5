import type { MailPace, NoticeChoice, NoticeTimes } from './contract/preferences.ts'
import { type Severity, severities, type Topic, topics } from './contract/shapes.ts'

/** What holds for who has chosen nothing: urgent things by mail at once, others once a day, small ones in the product only. */
const presetMail: Readonly<Record<Severity, MailPace>> = { critical: 'now', high: 'now', medium: 'digest', low: 'off' }

export const presetTimes: NoticeTimes = {
  digestAt: '09:00',
  quiet: { from: '20:00', to: '08:00' },
  workingDays: [1, 2, 3, 4, 5],
  japaneseHolidays: true,
  criticalPasses: true,
  weeklyReport: true,
}

/** Every topic and severity with what a person chose of them, else the preset. */
export function allChoices(chosen: readonly NoticeChoice[]): NoticeChoice[] {
  const known = new Map(chosen.map(choice => [`${choice.topic} ${choice.severity}`, choice]))
  return topics.flatMap(topic =>
    severities.map(severity => known.get(`${topic} ${severity}`) ?? presetChoice(topic, severity)),
  )
}

function presetChoice(topic: Topic, severity: Severity): NoticeChoice {
  return { topic, severity, inApp: true, mail: presetMail[severity] }
}

/** What a person wants of a notice. */
export function choiceFor(chosen: readonly NoticeChoice[], topic: Topic, severity: Severity): NoticeChoice {
  return chosen.find(choice => choice.topic === topic && choice.severity === severity) ?? presetChoice(topic, severity)
}
