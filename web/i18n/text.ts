import { IntlMessageFormat } from 'intl-messageformat'
import type { LazyEnglish } from './areas.ts'
import type { messages as english } from './en/messages.ts'
import type { Locale } from './locale.ts'

type English = typeof english & LazyEnglish

/** Every text of the product: the area, a dot, the name in the area's dictionary. */
export type TextKey = { [Area in keyof English]: `${Area}.${keyof English[Area] & string}` }[keyof English]

type Dictionaries<All> = { [Area in keyof All]: Record<keyof All[Area], string> }

/** The dictionaries that come with the first page. */
export type CoreMessages = Dictionaries<typeof english>

/** All dictionaries of one language; those of pages come with them. */
export type Messages = CoreMessages & Partial<Dictionaries<LazyEnglish>>

export type TextValues = Record<string, string | number | Date>

/** Gives a text in the current language, with its ICU placeholders filled: `t('kit.table.selected', { count: 3 })`. */
export type Text = (key: TextKey, values?: TextValues) => string

/**
 * Makes the text function of one language.
 * @param timeZone IANA name, for dates inside messages
 */
export function textOf(locale: Locale, messages: Messages, timeZone: string): Text {
  const compiled = new Map<TextKey, IntlMessageFormat>()
  return (key, values) => {
    const dot = key.indexOf('.')
    // An area of a page that was not declared with it (see withTexts) shows as its key instead of breaking the page.
    const area: Record<string, string> | undefined = messages[key.slice(0, dot) as keyof Messages]
    const message = area?.[key.slice(dot + 1)] ?? key
    if (!message.includes('{')) return message
    let format = compiled.get(key)
    if (!format) {
      const formats = {
        date: Object.fromEntries(['short', 'medium', 'long', 'full'].map(name => [name, dateStyle(name, timeZone)])),
      }
      format = new IntlMessageFormat(message, locale, formats, { ignoreTag: true })
      compiled.set(key, format)
    }
    return String(format.format(values))
  }
}

function dateStyle(name: string, timeZone: string): Intl.DateTimeFormatOptions {
  return { dateStyle: name as 'short' | 'medium' | 'long' | 'full', timeZone }
}
