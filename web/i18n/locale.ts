export const locales = ['ja', 'en'] as const
export type Locale = (typeof locales)[number]

const key = 'kizuna.locale'

/** The language a person chose in this browser. */
export function chosenLocale(): Locale | undefined {
  const stored = localStorage.getItem(key)
  return locales.find(locale => locale === stored)
}

/** The language a person chose here before; else the browser's, where the product speaks it; else Japanese. */
export function rememberedLocale(): Locale {
  const chosen = chosenLocale()
  if (chosen) return chosen
  const spoken = navigator.languages.map(tag => tag.slice(0, 2)).find(tag => tag === 'ja' || tag === 'en')
  return spoken === 'en' ? 'en' : 'ja'
}

/** Remembers the choice in this browser. */
export function rememberLocale(locale: Locale): void {
  localStorage.setItem(key, locale)
}
