import type { FieldFault } from '../../platform/errors/app-error.ts'
import type { Block, SharedContent, TemplateContent } from './contract/blocks.ts'
import { mergeFault } from './merge-tags.ts'

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
        return textFault(`${at}.text`, block.text)
      case 'button':
        return [...textFault(`${at}.label`, block.label), ...addressFault(`${at}.url`, block.url)]
      case 'image':
        return [...addressFault(`${at}.url`, block.url), ...textFault(`${at}.alt`, block.alt)]
      case 'list':
        return block.items.flatMap((item, each) => textFault(`${at}.items.${each}`, item))
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

function addressFault(path: string, text: string): FieldFault[] {
  const fault = textFault(path, text)
  if (fault.length > 0 || /^(https?:\/\/|mailto:|\{\{)/.test(text)) return fault
  const message = {
    ja: 'https:// で始まるアドレスを入力してください。',
    en: 'Enter an address that begins with https://.',
  }
  return [{ path, message }]
}
