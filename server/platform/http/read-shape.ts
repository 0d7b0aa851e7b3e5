import { z } from 'zod'
import type { Locale, Words } from '../errors/words.ts'

const languages = {
  ja: readable(z.locales.ja().localeError, 'ja'),
  en: readable(z.locales.en().localeError, 'en'),
}

/** Zod's words, but for two that are written for programmers: a pattern that did not match, a value that is missing. */
function readable(words: z.core.$ZodErrorMap, locale: Locale): z.core.$ZodErrorMap {
  return issue => {
    if (issue.code === 'invalid_format' && issue.format === 'regex') {
      return { ja: '形式が正しくありません。', en: 'This is not in the expected form.' }[locale]
    }
    if ((issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.input === undefined) {
      return { ja: '入力してください。', en: 'This is required.' }[locale]
    }
    return words(issue)
  }
}

export interface ShapeFault {
  path: readonly PropertyKey[]
  message: Words
}

/** Holds a value against a shape; faults come in the reader's language, each with its place in the value. */
export function readShape<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  locale: Locale,
): { value: z.output<Shape>; faults?: undefined } | { faults: ShapeFault[] } {
  const result = shape.safeParse(value, { error: languages[locale] })
  if (result.success) return { value: result.data }
  return { faults: result.error.issues.map(issue => ({ path: issue.path, message: wordsOf(issue) })) }
}

/** A rule of our own brings its words in both languages; Zod's are in the caller's. */
function wordsOf(issue: z.core.$ZodIssue): Words {
  const own: unknown = issue.code === 'custom' ? issue.params?.words : undefined
  return (own as Words | undefined) ?? { ja: issue.message, en: issue.message }
}
