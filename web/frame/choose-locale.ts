import { updateMe } from '../../server/platform/identity/contract/account.ts'
import { useCommand } from '../api/hooks.ts'
import { useSessionIfAny } from '../api/session.tsx'
import type { Locale } from '../i18n/locale.ts'
import { useLocale } from '../i18n/provider.tsx'

/** Switches the language at once; for somebody signed in also that of their account, in which mails are written. */
export function useChooseLocale(): (locale: Locale) => void {
  const { setLocale } = useLocale()
  const session = useSessionIfAny()
  const update = useCommand(updateMe, { stale: ['/api/v1/session'] })
  return locale => {
    void setLocale(locale)
    // A failure has its toast; the page keeps the language.
    if (session && session.user.locale !== locale) update.run({ body: { locale } }).catch(() => {})
  }
}
