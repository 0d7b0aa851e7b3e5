import type { Locale } from './locale.ts'

/** The name of something that people named in both languages. */
export function nameOf({ nameJa, nameEn }: { nameJa: string; nameEn: string }, locale: Locale): string {
  return locale === 'ja' ? nameJa : nameEn
}
