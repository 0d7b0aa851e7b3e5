import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useSession } from '../api/session.tsx'
import { useText } from '../i18n/provider.tsx'
import { Drawer } from '../kit/dialog.tsx'
import { Icon } from '../kit/icon.tsx'
import { navigation, settingsEntry } from './navigation.ts'
import { mayOpen, TenantSwitcher, UserMenu } from './side-navigation.tsx'

/** Places beside "More" in the bar of a phone. */
const places = 4

/** The navigation of a phone: the first few screens, the others behind "More". */
export function BottomBar() {
  const t = useText()
  const session = useSession()
  const [open, setOpen] = useState(false)
  const entries = [...navigation.flatMap(group => group.entries), settingsEntry].filter(entry =>
    mayOpen(entry, session),
  )
  return (
    <nav className="f-bottom" aria-label={t('frame.nav.bottom')}>
      {entries.slice(0, places).map(entry => (
        <Link key={entry.to} to={entry.to} activeOptions={{ exact: entry.to === '/' }}>
          <Icon name={entry.icon} />
          <span>{t(entry.shortLabel ?? entry.label)}</span>
        </Link>
      ))}
      <button type="button" onClick={() => setOpen(true)}>
        <Icon name="rows" />
        <span>{t('frame.nav.more')}</span>
      </button>
      <Drawer open={open} onClose={() => setOpen(false)} title={t('frame.nav.more')}>
        <div className="f-more">
          <TenantSwitcher />
          {entries.slice(places).map(entry => (
            <Link key={entry.to} to={entry.to} className="f-side-line" onClick={() => setOpen(false)}>
              <Icon name={entry.icon} />
              <span>{t(entry.label)}</span>
            </Link>
          ))}
          <UserMenu />
        </div>
      </Drawer>
    </nav>
  )
}
