import { escapeHtml } from '../../platform/html/escape.ts'
import type { Block, Variant } from './contract/blocks.ts'
import { filledAddress, headLine, linkPattern, type MergeData, MergeText, putBack } from './merge-tags.ts'

/** A block with its texts read. */
type Read =
  | { kind: 'heading'; text: MergeText; level: 1 | 2 }
  | { kind: 'text'; text: MergeText }
  | { kind: 'button'; label: MergeText; url: MergeText }
  | { kind: 'image'; url: MergeText; alt: MergeText; width: number }
  | { kind: 'divider' }
  | { kind: 'list'; items: MergeText[]; ordered: boolean }
  | { kind: 'columns'; left: Read[]; right: Read[] }

/** A variant that is read once and written for many. */
export interface ReadVariant {
  language: 'ja' | 'en'
  subject: MergeText
  preheader: MergeText
  blocks: Read[]
  text: MergeText | null
}

/** What stands below every message, and where its links lead. */
export interface Surroundings {
  company: string
  postalAddress: string
  /** Undefined where there is nobody to choose: a preview. */
  preferences: string
  /** Of topics that can be turned off. */
  unsubscribe?: string
  /** Address of the picture that tells of an opening. */
  pixel?: string
  /** What becomes of the address of a link. */
  link(url: string): string
}

export interface Written {
  subject: string
  html: string
  text: string
}

/** A template names a shared block that there is not: a mail without it must not go out. */
export class MissingBlock extends Error {
  constructor(key: string) {
    super(`There is no shared block "${key}".`)
  }
}

/** Reads the texts of a variant. @param shared what stands under the keys of reusable blocks @throws Error where a text cannot be read */
export function readVariant(
  variant: Variant,
  language: 'ja' | 'en',
  shared: ReadonlyMap<string, readonly Block[]>,
): ReadVariant {
  return {
    language,
    subject: new MergeText(variant.subject),
    preheader: new MergeText(variant.preheader),
    blocks: variant.blocks.flatMap(block => readBlock(block, shared)),
    text: variant.text === null ? null : new MergeText(variant.text),
  }
}

function readBlock(block: Block, shared: ReadonlyMap<string, readonly Block[]>): Read[] {
  const nested = (blocks: readonly Block[]) => blocks.flatMap(each => readBlock(each, new Map()))
  switch (block.kind) {
    case 'heading':
      return [{ kind: 'heading', text: new MergeText(block.text), level: block.level }]
    case 'text':
      return [{ kind: 'text', text: new MergeText(block.text) }]
    case 'button':
      return [{ kind: 'button', label: new MergeText(block.label), url: new MergeText(block.url) }]
    case 'image':
      return [{ kind: 'image', url: new MergeText(block.url), alt: new MergeText(block.alt), width: block.width }]
    case 'divider':
      return [block]
    case 'list':
      return [{ kind: 'list', items: block.items.map(item => new MergeText(item)), ordered: block.ordered }]
    case 'columns':
      return [{ kind: 'columns', left: nested(block.left), right: nested(block.right) }]
    case 'reusable': {
      const blocks = shared.get(block.key)
      if (!blocks) throw new MissingBlock(block.key)
      return nested(blocks)
    }
  }
}

/** Writes a message for one recipient. Everything that is filled in is escaped. @throws Error when a text asks for too much */
export function writeMessage(variant: ReadVariant, data: MergeData, around: Surroundings): Written {
  const subject = headLine(variant.subject.fill(data))
  const preheader = headLine(variant.preheader.fill(data))
  const body = variant.blocks.map(block => htmlOf(block, data, around)).join('')
  const plain = variant.text
    ? putBack(variant.text.fill(data))
    : variant.blocks
        .map(block => plainOf(block, data))
        .filter(text => text !== '')
        .join('\n\n')
  return {
    subject,
    html: page(variant.language, subject, preheader, body + footer(variant.language, around), around.pixel),
    text: `${plain}\n\n--\n${plainFooter(variant.language, around)}\n`,
  }
}

const font = "font-family:-apple-system,'Segoe UI','Hiragino Sans','Noto Sans JP',Meiryo,sans-serif"

function page(language: string, subject: string, preheader: string, body: string, pixel: string | undefined): string {
  const hidden = preheader
    ? `<div style="display:none;max-height:0;overflow:hidden;opacity:0">${escapeHtml(preheader)}${'&#8199;&#847;'.repeat(30)}</div>`
    : ''
  const picture = pixel
    ? `<img src="${escapeHtml(pixel)}" width="1" height="1" alt="" style="display:block;border:0">`
    : ''
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(subject)}</title></head><body style="margin:0;padding:0;background:#f4f5f7">${hidden}<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7"><tr><td align="center" style="padding:24px 12px"><table role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border-radius:8px"><tr><td style="padding:32px;color:#1a1c21;font-size:15px;line-height:1.8;${font}">${body}</td></tr></table></td></tr></table>${picture}</body></html>`
}

function htmlOf(block: Read, data: MergeData, around: Surroundings): string {
  switch (block.kind) {
    case 'heading': {
      const [tag, size] = block.level === 1 ? ['h1', 24] : ['h2', 18]
      return `<${tag} style="margin:0 0 16px;font-size:${size}px;line-height:1.4;font-weight:700">${rich(block.text.fill(data), around)}</${tag}>`
    }
    case 'text':
      return rich(block.text.fill(data), around)
        .split(/(?:<br>){2,}/)
        .map(paragraph => `<p style="margin:0 0 16px">${paragraph}</p>`)
        .join('')
    case 'button': {
      const label = escapeHtml(putBack(block.label.fill(data)))
      const url = webAddress(block.url.fill(data))
      if (url === undefined) return `<p style="margin:0 0 16px">${label}</p>`
      return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:8px 0 24px"><tr><td style="border-radius:6px;background:#2a56b0"><a href="${escapeHtml(around.link(url))}" style="display:inline-block;padding:12px 24px;color:#ffffff;text-decoration:none;font-weight:600">${label}</a></td></tr></table>`
    }
    case 'image': {
      const url = webAddress(block.url.fill(data))
      const alt = escapeHtml(putBack(block.alt.fill(data)))
      if (url === undefined) return ''
      return `<p style="margin:0 0 16px"><img src="${escapeHtml(url)}" alt="${alt}" width="${block.width}" style="display:block;width:100%;max-width:${block.width}px;height:auto;border:0"></p>`
    }
    case 'divider':
      return '<hr style="border:0;border-top:1px solid #e3e5e8;margin:24px 0">'
    case 'list': {
      const items = block.items.map(item => `<li style="margin:0 0 8px">${rich(item.fill(data), around)}</li>`).join('')
      const tag = block.ordered ? 'ol' : 'ul'
      return `<${tag} style="margin:0 0 16px;padding-left:24px">${items}</${tag}>`
    }
    case 'columns': {
      const side = (blocks: Read[]) => blocks.map(each => htmlOf(each, data, around)).join('')
      return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td width="50%" valign="top" style="padding-right:12px">${side(block.left)}</td><td width="50%" valign="top" style="padding-left:12px">${side(block.right)}</td></tr></table>`
    }
  }
}

/** A filled text as HTML: escaped, then **strong** and [links](https://…) of the template become what they mean. */
function rich(text: string, around: Surroundings): string {
  const html = escapeHtml(text)
    .replace(/\*\*([^*]{1,2000})\*\*/g, '<strong>$1</strong>')
    .replace(linkPattern, (_, label: string, target: string) => {
      const url = webAddress(unescapeHtml(target))
      if (url === undefined) return label
      return `<a href="${escapeHtml(around.link(url))}" style="color:#2a56b0">${label}</a>`
    })
    .replace(/\r?\n/g, '<br>')
  return putBack(html)
}

function plainOf(block: Read, data: MergeData): string {
  const flat = (text: MergeText) =>
    putBack(
      text
        .fill(data)
        .replace(/\*\*([^*]{1,2000})\*\*/g, '$1')
        .replace(linkPattern, (_, label: string, target: string) => {
          const url = filledAddress(target)
          return url === undefined ? label : `${label} ( ${url} )`
        }),
    )
  switch (block.kind) {
    case 'heading':
      return block.level === 1 ? `■ ${flat(block.text)}` : flat(block.text)
    case 'text':
      return flat(block.text)
    case 'button':
      return `${flat(block.label)}\n${filledAddress(block.url.fill(data)) ?? ''}`.trimEnd()
    case 'image':
      return putBack(block.alt.fill(data))
    case 'divider':
      return '----------'
    case 'list':
      return block.items.map((item, place) => `${block.ordered ? `${place + 1}.` : '-'} ${flat(item)}`).join('\n')
    case 'columns':
      return [...block.left, ...block.right].map(each => plainOf(each, data)).join('\n\n')
  }
}

const footerWords = {
  ja: { preferences: '配信設定を変更する', unsubscribe: '配信を停止する' },
  en: { preferences: 'Change what you receive', unsubscribe: 'Unsubscribe' },
}

function footer(language: 'ja' | 'en', { company, postalAddress, preferences, unsubscribe }: Surroundings): string {
  const words = footerWords[language]
  const style = 'color:#626873'
  const links = [
    `<a href="${escapeHtml(preferences)}" style="${style}">${words.preferences}</a>`,
    ...(unsubscribe ? [`<a href="${escapeHtml(unsubscribe)}" style="${style}">${words.unsubscribe}</a>`] : []),
  ]
  const about = [company, postalAddress]
    .filter(text => text !== '')
    .map(text => escapeHtml(text).replace(/\r?\n/g, '<br>'))
  return `<div style="margin-top:32px;padding-top:16px;border-top:1px solid #e3e5e8;font-size:12px;line-height:1.7;${style}">${about.join('<br>')}<br>${links.join(' ｜ ')}</div>`
}

function plainFooter(
  language: 'ja' | 'en',
  { company, postalAddress, preferences, unsubscribe }: Surroundings,
): string {
  const words = footerWords[language]
  return [
    company,
    ...(postalAddress === '' ? [] : [postalAddress]),
    `${words.preferences}: ${preferences}`,
    ...(unsubscribe ? [`${words.unsubscribe}: ${unsubscribe}`] : []),
  ].join('\n')
}

/** An address that a mail may lead to; undefined for scripts, files and what is none. @param text filled in */
function webAddress(text: string): string | undefined {
  const trimmed = filledAddress(text)?.trim()
  if (trimmed === undefined) return undefined
  if (/[\p{Cc}\s"<>]/u.test(trimmed) || !URL.canParse(trimmed)) return undefined
  const { protocol } = new URL(trimmed)
  return protocol === 'https:' || protocol === 'http:' || protocol === 'mailto:' ? trimmed : undefined
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
