import { areas, type LazyArea } from './areas.ts'
import type { Locale } from './locale.ts'
import type { Messages } from './text.ts'

/** Dictionaries by language; the areas of pages are added to them as they are fetched. */
const dictionaries = new Map<Locale, Promise<Messages>>()
const needed = new Set<LazyArea>()

async function fetchCore(locale: Locale): Promise<Messages> {
  const module = locale === 'ja' ? await import('./ja/messages.ts') : await import('./en/messages.ts')
  // A copy, because a module's own object must not grow.
  return { ...module.messages }
}

async function addArea(locale: Locale, area: LazyArea): Promise<void> {
  const [messages, module] = await Promise.all([dictionaries.get(locale), areas[area][locale]()])
  if (messages && !messages[area]) Object.assign(messages, module)
}

/** Loads the texts of one language, with those of the pages that were opened; the other language is not fetched. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  const known = dictionaries.get(locale) ?? fetchCore(locale)
  dictionaries.set(locale, known)
  const messages = await known
  // Before this line an area may still be asked for; from here on it is fetched for this language, too.
  await Promise.all([...needed].map(area => addArea(locale, area)))
  return messages
}

async function needTexts(wanted: readonly LazyArea[]): Promise<void> {
  for (const area of wanted) needed.add(area)
  const locales = [...dictionaries.keys()]
  await Promise.all(locales.flatMap(locale => wanted.map(area => addArea(locale, area))))
}

/**
 * Loads a part of the product together with the texts that only it and its like need:
 * `lazyRouteComponent(withTexts(() => import('./pages/customers/page.tsx'), 'customers'), 'CustomersPage')`.
 */
export function withTexts<Module>(load: () => Promise<Module>, ...wanted: LazyArea[]): () => Promise<Module> {
  return async () => {
    const [module] = await Promise.all([load(), needTexts(wanted)])
    return module
  }
}
