import type { Locale, Words } from '../../platform/errors/words.ts'

/** What a rule's task says. */
interface Template {
  title: string
  description: string
  checklist: readonly string[]
}

/** The task that a hot lead makes. */
export function hotLeadWords(locale: Locale, lead: { name: string; company: string | null }): Template {
  const who = lead.company ? `${lead.name}（${lead.company}）` : lead.name
  return locale === 'ja'
    ? {
        title: `ホットリードに連絡する: ${who}`,
        description: 'リードスコアがホットの基準に達しました。関心が高いうちにご連絡ください。',
        checklist: ['スコアの要因を確認する', '電話またはメールで連絡する', '次の予定を決める'],
      }
    : {
        title: `Contact the hot lead: ${lead.company ? `${lead.name} (${lead.company})` : lead.name}`,
        description: 'The lead score reached the limit for hot leads. Get in touch while the interest is high.',
        checklist: ['See what raised the score', 'Call or write', 'Agree on the next step'],
      }
}

/** The task that a churned customer makes. */
export function churnedWords(locale: Locale, customer: string): Template {
  return locale === 'ja'
    ? {
        title: `解約ヒアリングと再契約の提案: ${customer}`,
        description: '解約になりました。理由を伺い、再契約の可能性を確かめてください。',
        checklist: ['解約の理由を伺う', '理由を顧客の記録に残す', '再契約の条件を提案する'],
      }
    : {
        title: `Exit interview and win-back: ${customer}`,
        description: 'The customer churned. Ask why, and find out what would bring them back.',
        checklist: ['Ask for the reasons', 'Note the reasons on the customer', 'Offer a way back'],
      }
}

/** A notice about one task, or about several. */
export const noticeWords = {
  assigned: (title: string): Words => ({
    ja: `タスクの担当になりました: ${title}`,
    en: `A task was given to you: ${title}`,
  }),
  assignedMany: (count: number): Words => ({
    ja: `タスク${count}件の担当になりました`,
    en: `${count} tasks were given to you`,
  }),
  due: (title: string): Words => ({ ja: `タスクの期限まで24時間です: ${title}`, en: `Due within 24 hours: ${title}` }),
  dueMany: (count: number): Words => ({
    ja: `期限まで24時間のタスクが${count}件あります`,
    en: `${count} tasks are due within 24 hours`,
  }),
  late: (title: string): Words => ({ ja: `タスクが遅れています: ${title}`, en: `A task is late: ${title}` }),
  lateMany: (count: number): Words => ({
    ja: `チームのタスク${count}件が遅れています`,
    en: `${count} tasks of your team are late`,
  }),
} as const
