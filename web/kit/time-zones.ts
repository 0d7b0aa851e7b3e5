import type { Locale } from '../i18n/locale.ts'

export interface TimeZoneOption {
  value: string
  label: string
  hint: string
  keywords: string[]
}

/**
 * The time zones that this browser knows, by name; found by the city, the name of the time and the offset.
 * @param present the chosen one, offered also where the browser lists it under another name
 */
export function timeZoneOptions(locale: Locale, present: string): TimeZoneOption[] {
  const names = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', present])].sort()
  return names.map(name => ({
    value: name,
    label: name.replaceAll('_', ' '),
    hint: part(name, locale, 'shortOffset').replace('GMT', 'UTC'),
    keywords: [part(name, locale, 'long'), name.split('/').at(-1) ?? name],
  }))
}

function part(timeZone: string, locale: Locale, timeZoneName: 'long' | 'shortOffset'): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName }).formatToParts()
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}
