import { createHash } from 'node:crypto'
import { escapeHtml } from '../../platform/html/escape.ts'

type Language = 'ja' | 'en'

const words = {
  ja: {
    title: '配信設定',
    intro: (company: string) => `${company}からのメールのうち、受け取るものを選んでください。`,
    topics: '受け取る内容',
    all: 'お知らせメールをすべて停止する',
    allNote: 'ご契約や手続きに関する連絡は、引き続きお送りします。',
    save: '保存する',
    saved: '保存しました。',
    unsubscribeTitle: '配信の停止',
    unsubscribeIntro: (topic: string) => `「${topic}」の配信を停止します。よろしければ、次のボタンを押してください。`,
    unsubscribe: '配信を停止する',
    unsubscribed: (topic: string) => `「${topic}」の配信を停止しました。`,
    more: 'ほかの配信の設定も変更する',
    nothing: 'このメールはご契約に関する連絡のため、配信停止の対象ではありません。',
    gone: 'このリンクは使えません。メールに記載のリンクをもう一度開いてください。',
  },
  en: {
    title: 'What you receive',
    intro: (company: string) => `Choose which mails of ${company} you want to receive.`,
    topics: 'Topics',
    all: 'Stop all of these mails',
    allNote: 'Messages about your contract will still reach you.',
    save: 'Save',
    saved: 'Saved.',
    unsubscribeTitle: 'Unsubscribe',
    unsubscribeIntro: (topic: string) => `Press the button to stop receiving "${topic}".`,
    unsubscribe: 'Unsubscribe',
    unsubscribed: (topic: string) => `You will not receive "${topic}" any more.`,
    more: 'Choose about other mails, too',
    nothing: 'This message belongs to your contract and cannot be turned off.',
    gone: 'This link does not work. Open the one in the message again.',
  },
}

/** The one style sheet; its hash is what lets it in. */
const style =
  ":root{color-scheme:light dark}body{margin:0;background:Canvas;color:CanvasText;font:16px/1.7 -apple-system,'Segoe UI','Hiragino Sans','Noto Sans JP',Meiryo,sans-serif}main{max-width:560px;margin:0 auto;padding:40px 20px}h1{font-size:24px;margin:0 0 16px}fieldset{border:1px solid #8a8f98;border-radius:8px;margin:0 0 16px;padding:8px 16px}legend{font-weight:600;padding:0 6px}label{display:flex;gap:10px;align-items:flex-start;padding:8px 0}input{width:20px;height:20px;margin:4px 0 0;flex:none}small{display:block;opacity:.8}button{font:inherit;font-weight:600;border:0;border-radius:6px;background:#2a56b0;color:#fff;padding:12px 28px;cursor:pointer}button:focus-visible,a:focus-visible,input:focus-visible{outline:3px solid #2a56b0;outline-offset:2px}.done{border-left:4px solid #2a7a4b;padding:8px 16px;margin:0 0 20px}a{color:LinkText}"

/** Nothing but this page's own style is let in; its form goes where it came from. */
export const pageHeaders = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-robots-tag': 'noindex',
  'referrer-policy': 'no-referrer',
} as const

function page(language: Language, title: string, body: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`
}

export interface ShownTopic {
  id: string
  name: string
  description: string
  subscribed: boolean
}

/** The page on which a recipient chooses topics: a form that works without a script. */
export function preferencePage(
  language: Language,
  { company, topics, isOut, saved }: { company: string; topics: readonly ShownTopic[]; isOut: boolean; saved: boolean },
): string {
  const own = words[language]
  const boxes = topics.map(
    ({ id, name, description, subscribed }) =>
      `<label><input type="checkbox" name="topic" value="${id}"${subscribed && !isOut ? ' checked' : ''}><span>${escapeHtml(name)}${description ? `<small>${escapeHtml(description)}</small>` : ''}</span></label>`,
  )
  return page(
    language,
    own.title,
    `${saved ? `<p class="done" role="status">${own.saved}</p>` : ''}<p>${escapeHtml(own.intro(company))}</p><form method="post"><input type="hidden" name="form" value="preferences"><fieldset><legend>${own.topics}</legend>${boxes.join('')}</fieldset><label><input type="checkbox" name="all" value="off"${isOut ? ' checked' : ''}><span>${own.all}<small>${own.allNote}</small></span></label><p><button type="submit">${own.save}</button></p></form>`,
  )
}

/** The page with the button that unsubscribes; opening it changes nothing. */
export function unsubscribePage(language: Language, topic: string | undefined): string {
  const own = words[language]
  const body =
    topic === undefined
      ? `<p>${own.nothing}</p>`
      : `<p>${escapeHtml(own.unsubscribeIntro(topic))}</p><form method="post"><input type="hidden" name="form" value="page"><button type="submit">${own.unsubscribe}</button></form>`
  return page(language, own.unsubscribeTitle, body)
}

/** What is said once it is done. @param preferences address of the page on which more can be chosen */
export function unsubscribedPage(language: Language, topic: string | undefined, preferences: string): string {
  const own = words[language]
  const said = topic === undefined ? own.nothing : escapeHtml(own.unsubscribed(topic))
  return page(
    language,
    own.unsubscribeTitle,
    `<p class="done" role="status">${said}</p><p><a href="${escapeHtml(preferences)}">${own.more}</a></p>`,
  )
}

/** For an address that nothing stands behind. */
export function gonePage(language: Language): string {
  return page(language, words[language].title, `<p>${words[language].gone}</p>`)
}
