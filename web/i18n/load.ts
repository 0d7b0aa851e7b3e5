import type { Locale } from './locale.ts'
import type { Messages } from './text.ts'

/** Loads the texts of one language; the other one is not fetched. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  const module = locale === 'ja' ? await import('./ja/messages.ts') : await import('./en/messages.ts')
  return module.messages
}
