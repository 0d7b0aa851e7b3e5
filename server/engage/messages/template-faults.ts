import type { FieldFault } from '../../platform/errors/app-error.ts'
import type { Block, SharedContent, TemplateContent } from './contract/blocks.ts'
import { leadsWhereItSays, mergeFault } from './merge-tags.ts'

/** What of a template's texts cannot be read, each with its place. @param path of the content in the request */
export function contentFaults(content: TemplateContent, path: string): FieldFault[] {
  return (['ja', 'en'] as const).flatMap(language => {
    const variant = content[language]
    if (!variant) return []
    const at = `${path}.${language}`
    return [
      ...textFault(`${at}.subject`, variant.subject),
      ...textFault(`${at}.preheader`, variant.preheader),
      ...blockFaults(`${at}.blocks`, variant.blocks),
      ...textFault(`${at}.text`, variant.text ?? ''),
    ]
  })
}

/** The same of a shared block. */
export function sharedFaults(content: SharedContent, path: string): FieldFault[] {
  return (['ja', 'en'] as const).flatMap(language => blockFaults(`${path}.${language}`, content[language] ?? []))
}

function blockFaults(path: string, blocks: readonly Block[]): FieldFault[] {
  return blocks.flatMap((block, place) => {
    const at = `${path}.${place}`
    switch (block.kind) {
      case 'heading':
      case 'text':
        return richFault(`${at}.text`, block.text)
      case 'button':
        return [...textFault(`${at}.label`, block.label), ...addressFault(`${at}.url`, block.url)]
      case 'image':
        return [...addressFault(`${at}.url`, block.url), ...textFault(`${at}.alt`, block.alt)]
      case 'list':
        return block.items.flatMap((item, each) => richFault(`${at}.items.${each}`, item))
      case 'columns':
        return [...blockFaults(`${at}.left`, block.left), ...blockFaults(`${at}.right`, block.right)]
      default:
        return []
    }
  })
}

function textFault(path: string, text: string): FieldFault[] {
  const message = mergeFault(text)
  return message ? [{ path, message }] : []
}

/** Links of a text: tags in an address may hold brackets and spaces. */
const links = /\]\(((?:\{\{[^}]*\}\}|\{%[^%]*%\}|\{(?![{%])|[^()\s{])*)\)/g

function richFault(path: string, text: string): FieldFault[] {
  const fault = textFault(path, text)
  if (fault.length > 0) return fault
  return [...text.matchAll(links)].every(link => leadsWhereItSays(link[1]!)) ? [] : [{ path, message: openAddress }]
}

const openAddress = {
  ja: '差し込み項目は、リンク先のアドレスの「https://ホスト名/」より後ろでだけ使えます。ホスト名までは直接入力してください。',
  en: 'Merge tags can stand in the address of a link only behind "https://host/". Write the address out up to there.',
}

function addressFault(path: string, text: string): FieldFault[] {
  const fault = textFault(path, text)
  if (fault.length > 0) return fault
  if (!leadsWhereItSays(text)) return [{ path, message: openAddress }]
  if (/^(https?:\/\/|mailto:)/.test(text)) return []
  const message = {
    ja: 'https:// で始まるアドレスを入力してください。',
    en: 'Enter an address that begins with https://.',
  }
  return [{ path, message }]
}
