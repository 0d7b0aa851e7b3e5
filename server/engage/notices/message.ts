import type { JsonObject } from '../../platform/context/context.ts'
import type { Locale, Words } from '../../platform/errors/words.ts'
import { actionWords, type CardAction, type CardSubject, cardActions } from './card.ts'
import type { Severity, Topic } from './contract/shapes.ts'

/** A notice as a channel writes it. */
export interface Message {
  id: string
  topic: Topic
  severity: Severity
  title: Words
  text: Words
  /** Full address of the page that it is about. */
  link: string
  subject: { kind: string; id: string } | null
  /** What its buttons act on. */
  acts?: CardSubject | undefined
  /** The same as links, for what cannot sign a press. */
  links?: readonly CardLink[]
  /** What happened, for programs. */
  event: { type: string; data: JsonObject } | null
  /** ISO 8601. */
  createdAt: string
}

/** A link that asks, and does something once. */
export interface CardLink {
  action: CardAction
  address: string
}

const severityWords: Readonly<Record<Severity, Words & { sign: string }>> = {
  critical: { ja: '重大', en: 'Critical', sign: '🔴' },
  high: { ja: '高', en: 'High', sign: '🟠' },
  medium: { ja: '中', en: 'Medium', sign: '🟡' },
  low: { ja: '低', en: 'Low', sign: '⚪' },
}
const openWords: Words = { ja: 'Kizunaで開く', en: 'Open in Kizuna' }

/** What Slack takes of a text in a header block, and of one in a section (https://docs.slack.dev/reference/block-kit). */
const slackHeader = 150
const slackSection = 3_000

/**
 * A Slack message: the text for notifications, and blocks (Block Kit). What a name holds is no markup.
 * @param mayAct Slack signs presses of buttons for this channel, so there are some that act
 */
export function slackMessage({ title, text, severity, link, acts }: Message, locale: Locale, mayAct = false) {
  const { sign } = severityWords[severity]
  const level = severityWords[severity][locale]
  return {
    text: `${sign} [${level}] ${escaped(title[locale])}`,
    blocks: [
      {
        type: 'header' as const,
        text: { type: 'plain_text' as const, text: shortened(`${sign} ${title[locale]}`, slackHeader), emoji: true },
      },
      {
        type: 'section' as const,
        text: { type: 'mrkdwn' as const, text: shortened(`*${level}*\n${escaped(text[locale])}`, slackSection) },
      },
      {
        type: 'actions' as const,
        elements: [
          ...(mayAct && acts ? actButtons(acts, locale) : []),
          {
            type: 'button' as const,
            text: { type: 'plain_text' as const, text: openWords[locale] },
            url: link,
            action_id: 'open',
          },
        ],
      },
    ],
  }
}

function actButtons({ kind, id }: CardSubject, locale: Locale) {
  return cardActions[kind].map(action => ({
    type: 'button' as const,
    text: { type: 'plain_text' as const, text: actionWords[action][locale] },
    ...(action === 'approve' && { style: 'primary' as const }),
    ...(action === 'refuse' && { style: 'danger' as const }),
    action_id: `${kind}.${action}`,
    value: id,
  }))
}

type Block = { type: string; [key: string]: unknown }

/**
 * The card after a button was pressed: without what is done, with the words for it. What ends the matter takes all buttons
 * but the link along.
 */
export function doneBlocks(blocks: readonly Block[], pressed: string, words: string): Block[] {
  const ends = pressed.endsWith('.snooze') || pressed.startsWith('flow_request.')
  const left = blocks.map(block => {
    if (block.type !== 'actions' || !Array.isArray(block.elements)) return block
    const elements = block.elements.filter(
      ({ action_id }: { action_id?: string }) => action_id === 'open' || (!ends && action_id !== pressed),
    )
    return { ...block, elements }
  })
  return [...left, { type: 'context', elements: [{ type: 'mrkdwn', text: `✅ ${escaped(words)}` }] }]
}

/** `&`, `<` and `>` as Slack asks for (https://docs.slack.dev/messaging/formatting-message-text). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

const cardColours = { critical: 'Attention', high: 'Warning', medium: 'Accent', low: 'Default' } as const

/**
 * What a Teams workflow "when a Teams webhook request is received" posts: a message with one Adaptive Card
 * (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using).
 */
export function teamsMessage({ title, text, severity, link, links = [] }: Message, locale: Locale) {
  const block = (content: string, more: object) => ({ type: 'TextBlock', text: content, wrap: true, ...more })
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            block(severityWords[severity][locale], { color: cardColours[severity], weight: 'Bolder', size: 'Small' }),
            block(title[locale], { weight: 'Bolder', size: 'Medium' }),
            block(text[locale], {}),
          ],
          actions: [
            ...links.map(({ action, address }) => ({
              type: 'Action.OpenUrl',
              title: actionWords[action][locale],
              url: address,
            })),
            { type: 'Action.OpenUrl', title: openWords[locale], url: link },
          ],
        },
      },
    ],
  }
}

/** What a program receives, as Standard Webhooks shapes it: type, timestamp, data. */
export function webhookBody({ id, topic, severity, title, text, link, subject, event, createdAt }: Message) {
  if (event) return { type: event.type, timestamp: createdAt, data: { id, link, ...event.data } }
  return {
    type: 'notice.created',
    timestamp: createdAt,
    data: { id, topic, severity, title, text, link, subject },
  }
}

/** What a gateway of short messages receives. @param numbers E.164 */
export function smsBody(message: Message, locale: Locale, numbers: readonly string[]) {
  const level = severityWords[message.severity][locale]
  return {
    type: 'sms.requested',
    timestamp: message.createdAt,
    data: {
      id: message.id,
      to: numbers,
      text: shortened(`[${level}] ${message.title[locale]} ${message.link}`, 300),
    },
  }
}
