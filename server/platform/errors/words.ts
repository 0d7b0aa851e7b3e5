/** A text in both languages of the product. */
export interface Words {
  ja: string
  en: string
}

export type Locale = keyof Words

/** The first language of an Accept-Language header that the product speaks; Japanese when it names none. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  for (const part of (acceptLanguage ?? '').toLowerCase().split(',')) {
    const language = part.trim().slice(0, 2)
    if (language === 'ja' || language === 'en') return language
  }
  return 'ja'
}
