import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'
import { type Format, formatOf } from './format.ts'
import { loadMessages } from './load.ts'
import { type Locale, rememberLocale } from './locale.ts'
import { type Messages, type Text, textOf } from './text.ts'

interface Language {
  locale: Locale
  /** Shows another language and remembers it in this browser. */
  setLocale: (locale: Locale) => Promise<void>
  /** Shows another language in this page. */
  showLocale: (locale: Locale) => Promise<void>
  t: Text
  format: Format
}

const LanguageContext = createContext<Language | null>(null)

/** Time zone of figures and dates before a company is known. */
const defaultTimeZone = 'Asia/Tokyo'

interface LocaleProviderProps {
  locale: Locale
  /** The texts of that language, loaded by loadMessages() before the first render. */
  messages: Messages
  children: ReactNode
}

/** Gives the page its language; another one is loaded when chosen and shown at once, without a reload. */
export function LocaleProvider(props: LocaleProviderProps) {
  const [language, setLanguage] = useState({ locale: props.locale, messages: props.messages })
  const { locale, messages } = language

  const showLocale = useCallback(async (next: Locale) => {
    setLanguage({ locale: next, messages: await loadMessages(next) })
  }, [])
  const setLocale = useCallback(
    (next: Locale) => {
      rememberLocale(next)
      return showLocale(next)
    },
    [showLocale],
  )

  useEffect(() => {
    document.documentElement.lang = locale
  }, [locale])

  const value = useMemo(
    () => ({
      locale,
      setLocale,
      showLocale,
      t: textOf(locale, messages, defaultTimeZone),
      format: formatOf(locale, defaultTimeZone),
    }),
    [locale, messages, setLocale, showLocale],
  )
  const texts = useMemo(() => ({ messages }), [messages])
  return (
    <MessagesContext value={texts}>
      <LanguageContext value={value}>{props.children}</LanguageContext>
    </MessagesContext>
  )
}

const MessagesContext = createContext<{ messages: Messages } | null>(null)

/** Sets the time zone of everything below: the tenant's, once the session is known. */
export function TimeZoneProvider({ timeZone, children }: { timeZone: string; children: ReactNode }) {
  const language = useLanguage()
  const messages = use(MessagesContext)?.messages
  const value = useMemo(
    () =>
      messages
        ? { ...language, t: textOf(language.locale, messages, timeZone), format: formatOf(language.locale, timeZone) }
        : language,
    [language, messages, timeZone],
  )
  return <LanguageContext value={value}>{children}</LanguageContext>
}

function useLanguage(): Language {
  const language = use(LanguageContext)
  if (!language) throw new Error('Texts are read outside of <LocaleProvider>. Render the component inside of it.')
  return language
}

/** The text function of the current language: `const t = useText()`, then `t('frame.nav.home')`. */
export function useText(): Text {
  return useLanguage().t
}

/** Dates, numbers and money in the current language and the tenant's time zone. */
export function useFormat(): Format {
  return useLanguage().format
}

/** The current language, and how to switch it. */
export function useLocale(): Pick<Language, 'locale' | 'setLocale' | 'showLocale'> {
  return useLanguage()
}
