import type { Words } from '../../platform/errors/words.ts'

/** What the buttons of a card do, by what the card is about. */
export const cardActions = {
  alert: ['acknowledge', 'assign', 'snooze'],
  task: ['acknowledge', 'assign', 'snooze'],
  flow_request: ['approve', 'refuse'],
} as const

export const cardKinds = ['alert', 'task', 'flow_request'] as const satisfies readonly (keyof typeof cardActions)[]

export type CardAction = (typeof cardActions)[keyof typeof cardActions][number]

/** What a card asks somebody to do something about. */
export interface CardSubject {
  kind: keyof typeof cardActions
  id: string
}

export const actionWords: Readonly<Record<CardAction, Words>> = {
  acknowledge: { ja: '対応中にする', en: 'Acknowledge' },
  assign: { ja: '自分が担当する', en: 'Assign to me' },
  snooze: { ja: '1日スヌーズ', en: 'Snooze 1 day' },
  approve: { ja: '承認する', en: 'Approve' },
  refuse: { ja: '却下する', en: 'Refuse' },
}

/** What stands in the place of the buttons afterwards. @param name who did it */
export function doneWords(action: CardAction, name: string): Words {
  const words: Record<CardAction, Words> = {
    acknowledge: { ja: `${name}さんが対応を始めました`, en: `${name} acknowledged it` },
    assign: { ja: `${name}さんが担当になりました`, en: `${name} took it over` },
    snooze: { ja: `${name}さんが1日スヌーズしました`, en: `${name} snoozed it for a day` },
    approve: { ja: `${name}さんが承認しました`, en: `${name} approved it` },
    refuse: { ja: `${name}さんが却下しました`, en: `${name} refused it` },
  }
  return words[action]
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const pages = {
  alert: new RegExp(`^/alerts\\?open=(${uuid})$`),
  task: new RegExp(`^/tasks\\?open=(${uuid})$`),
  flow_request: new RegExp(`^/flows\\?tab=requests&open=(${uuid})$`),
}

/** What the buttons of a notice act on, told by the page that it leads to; undefined where there is nothing to do. */
export function subjectOf(link: string): CardSubject | undefined {
  for (const kind of cardKinds) {
    const id = pages[kind].exec(link)?.[1]
    if (id) return { kind, id }
  }
  return undefined
}
