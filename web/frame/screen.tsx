import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../i18n/provider.tsx'
import { Button, IconButton } from '../kit/button.tsx'
import { Icon } from '../kit/icon.tsx'
import { Keys } from '../kit/kbd.tsx'
import { DisplaySwitches } from './display-switches.tsx'
import { useFrame } from './frame-context.ts'
import { NoticeBell } from './notice-bell.tsx'
import { useScreenFocus } from './screen-focus.ts'

interface Crumb {
  label: string
  to: LinkProps['to']
}

interface ScreenProps {
  title: string
  /** The way here, without the screen itself. */
  crumbs?: readonly Crumb[]
  /** Buttons of the screen, at most one of them primary. */
  actions?: ReactNode
  children: ReactNode
}

/** A screen: its top bar with title, way and actions, and its content. Every page returns one. */
export function Screen({ title, crumbs = [], actions, children }: ScreenProps) {
  const t = useText()
  const frame = useFrame()
  const main = useScreenFocus()
  return (
    <>
      <title>{`${title} · Kizuna`}</title>
      <header className="f-top">
        {crumbs.length > 0 && (
          <nav className="f-crumbs" aria-label={t('frame.breadcrumbs')}>
            {crumbs.map(crumb => (
              <span key={crumb.label}>
                <Link to={crumb.to}>{crumb.label}</Link>
                <Icon name="chevron-right" size="tiny" />
              </span>
            ))}
          </nav>
        )}
        <h1>{title}</h1>
        <div className="f-top-end">
          {actions}
          {frame && (
            <>
              <span className="f-wide">
                <Button size="small" kind="quiet" icon="search" onClick={frame.openPalette}>
                  {t('frame.palette.open')} <Keys keys="mod+k" />
                </Button>
              </span>
              <span className="f-small">
                <IconButton icon="search" label={t('frame.palette.open')} onClick={frame.openPalette} />
              </span>
              <NoticeBell />
            </>
          )}
          <DisplaySwitches />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </>
  )
}
