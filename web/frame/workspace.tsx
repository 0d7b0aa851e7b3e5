import { Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, type RefObject, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { listen } from '../api/live.ts'
import { useMay, useSession } from '../api/session.tsx'
import { locales } from '../i18n/locale.ts'
import { useText } from '../i18n/provider.tsx'
import { type Command, useCommands } from '../kit/commands.ts'
import { ShortcutKeys, useShortcut } from '../kit/shortcuts.tsx'
import { BottomBar } from './bottom-bar.tsx'
import { useChooseLocale } from './choose-locale.ts'
import { FrameContext } from './frame-context.ts'
import { type NavigationEntry, navigation, settings, settingsEntry } from './navigation.ts'
import { densities, prefer, themes } from './preferences.ts'
import { mayOpen, SideNavigation } from './side-navigation.tsx'

const CommandPalette = lazy(async () => ({ default: (await import('../kit/command-palette.tsx')).CommandPalette }))

/** The frame around every screen behind the sign-in. */
export function Workspace() {
  const t = useText()
  const session = useSession()
  const mayListen = useMay('company.read')
  const [palette, setPalette] = useState<'never' | 'open' | 'closed'>('never')
  const find = useFinder()
  const frame = useMemo(() => ({ openPalette: () => setPalette('open') }), [])
  const entries = [...navigation.flatMap(group => group.entries), settingsEntry, ...settings].filter(entry =>
    mayOpen(entry, session),
  )

  useEffect(() => (mayListen ? listen() : undefined), [mayListen])
  useShortcut('mod+k', t('frame.palette.open'), 'general', frame.openPalette)

  return (
    <FrameContext value={frame}>
      {/* biome-ignore lint/a11y/useValidAnchor: a skip link; only the router must not see the hash */}
      <a
        className="f-skip"
        href="#main"
        onClick={event => {
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        {t('frame.skip')}
      </a>
      <div className="f-app">
        <SideNavigation />
        <div>
          <Outlet />
        </div>
      </div>
      <BottomBar />
      {entries.map(entry => entry.keys && <EntryShortcut key={entry.to} entry={entry} keys={entry.keys} />)}
      <GeneralCommands entries={entries} />
      <ShortcutKeys />
      {palette !== 'never' && (
        <Suspense>
          <CommandPalette open={palette === 'open'} onClose={() => setPalette('closed')} find={find} />
        </Suspense>
      )}
    </FrameContext>
  )
}

/** Looks for customers and people by name, for whoever may see them. */
function useFinder() {
  const t = useText()
  const navigate = useNavigate()
  const may = useMay('customers.read')
  return useMemo(() => {
    if (!may) return undefined
    const words = { customers: t('frame.nav.customers'), contacts: t('frame.nav.contacts') }
    return async (text: string) => {
      const { findRecords } = await import('./find-records.ts')
      return findRecords(text, words, (to, id) => void navigate({ to, params: { id } }))
    }
  }, [may, t, navigate])
}

function EntryShortcut({ entry, keys }: { entry: NavigationEntry; keys: string }) {
  const t = useText()
  const navigate = useNavigate()
  useShortcut(keys, t(entry.label), 'go', () => void navigate({ to: entry.to }))
  return null
}

function GeneralCommands({ entries }: { entries: readonly NavigationEntry[] }) {
  const t = useText()
  const navigate = useNavigate()
  const { signOut } = useSession()
  const chooseLocale = useLatest(useChooseLocale())
  const leave = useLatest(signOut)
  const names = entries.map(entry => entry.to).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the entries are the same while their addresses are
  const commands = useMemo<Command[]>(
    () => [
      ...entries.map(entry => ({
        id: `go ${entry.to}`,
        group: t('frame.command.go'),
        label: entry.of ? `${t(entry.of)}: ${t(entry.label)}` : t(entry.label),
        icon: entry.icon,
        keys: entry.keys,
        run: () => void navigate({ to: entry.to }),
      })),
      ...themes.map(theme => ({
        id: `theme ${theme}`,
        group: t('frame.command.view'),
        label: `${t('frame.theme.label')}: ${t(`frame.theme.${theme}`)}`,
        icon: theme === 'dark' ? ('moon' as const) : ('sun' as const),
        keywords: ['theme', theme],
        run: () => prefer({ theme }),
      })),
      ...densities.map(density => ({
        id: `density ${density}`,
        group: t('frame.command.view'),
        label: `${t('frame.density.label')}: ${t(`frame.density.${density}`)}`,
        icon: 'rows' as const,
        keywords: ['density', density],
        run: () => prefer({ density }),
      })),
      ...locales.map(locale => ({
        id: `language ${locale}`,
        group: t('frame.command.view'),
        label: t(`frame.language.${locale}`),
        icon: 'globe' as const,
        keywords: ['language', locale],
        run: () => chooseLocale.current(locale),
      })),
      {
        id: 'go /docs',
        group: t('frame.command.go'),
        label: t('frame.nav.docs'),
        icon: 'report' as const,
        keywords: ['API', 'OpenAPI', 'docs'],
        run: () => void navigate({ to: '/docs' }),
      },
      {
        id: 'sign out',
        group: t('frame.command.account'),
        label: t('frame.user.signOut'),
        icon: 'exit' as const,
        keywords: ['sign out', 'log out'],
        run: () => leave.current(),
      },
    ],
    [t, navigate, names],
  )
  useCommands(commands)
  return null
}

/** A function whose newest form is called later, without making what holds it new. */
function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value)
  latest.current = value
  return latest
}
