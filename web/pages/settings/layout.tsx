import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useSession } from '../../api/session.tsx'
import { settings } from '../../frame/navigation.ts'
import { Screen } from '../../frame/screen.tsx'
import { mayOpen } from '../../frame/side-navigation.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Page } from '../../kit/layout.tsx'
import './settings.css'

const groups = ['account', 'company', 'operation'] as const

interface SettingsScreenProps {
  title: string
  /** Buttons of the screen, at most one of them primary. */
  actions?: ReactNode
  /** A list that takes the whole width, instead of a column of forms. */
  wide?: boolean
  children: ReactNode
}

/** A screen of the settings: the navigation among them at the left, on a phone as a row on top. */
export function SettingsScreen({ title, actions, wide, children }: SettingsScreenProps) {
  const t = useText()
  return (
    <Screen title={title} crumbs={[{ label: t('frame.nav.settings'), to: '/settings' }]} actions={actions}>
      <div className="s-frame">
        <SettingsNavigation />
        <Page narrow={!wide}>{children}</Page>
      </div>
    </Screen>
  )
}

function SettingsNavigation() {
  const t = useText()
  const session = useSession()
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    // On a phone the row may be longer than the screen.
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [])
  return (
    <nav className="s-nav" aria-label={t('settings.nav.label')} ref={list}>
      {groups.map(group => {
        const entries = settings.filter(entry => entry.group === group && mayOpen(entry, session))
        if (entries.length === 0) return null
        return (
          <div key={group}>
            <h2>{t(`settings.nav.${group}`)}</h2>
            {entries.map(entry => (
              <Link key={entry.screen} to={entry.to} className="f-side-line">
                <Icon name={entry.icon} />
                <span>{t(entry.label)}</span>
              </Link>
            ))}
          </div>
        )
      })}
    </nav>
  )
}
