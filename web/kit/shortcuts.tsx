import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useText } from '../i18n/provider.tsx'
import { Dialog } from './dialog.tsx'
import { Switch } from './field.tsx'
import { Keys } from './kbd.tsx'

export interface Shortcut {
  /** `g h`: one key after the other; `n`: a single key; `mod+k`: at once. */
  keys: string
  /** What it does, in the overlay. */
  label: string
  group: 'general' | 'go'
  run: () => void
}

/** Milliseconds in which the second key of a pair must follow. */
const sequenceWindow = 1_200
const storageKey = 'kizuna.shortcuts'

let shortcuts: readonly Shortcut[] = []
const listeners = new Set<() => void>()

function change(next: readonly Shortcut[]) {
  shortcuts = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Offers a shortcut while the component is mounted. Later ones win over earlier ones of the same keys. */
export function useShortcut(keys: string, label: string, group: Shortcut['group'], run: () => void): void {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    const shortcut: Shortcut = { keys, label, group, run: () => latest.current() }
    change([...shortcuts, shortcut])
    return () => change(shortcuts.filter(each => each !== shortcut))
  }, [keys, label, group])
}

/** True where a key belongs to the person's text, to an IME, or to something that floats over the page. */
function isTyping(event: KeyboardEvent): boolean {
  // 229 is what browsers report for a key that an IME took before isComposing was set (Safari).
  if (event.isComposing || event.keyCode === 229) return true
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  const takesText =
    'input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]:not([contenteditable=false])'
  return target.closest(takesText) !== null
}

function somethingFloats(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key
}

/** Listens for the shortcuts; once in the application. `?` shows them all. */
export function ShortcutKeys() {
  const t = useText()
  const [overlay, setOverlay] = useState(false)
  const [single, setSingle] = useState(() => localStorage.getItem(storageKey) !== 'off')
  const known = useSyncExternalStore(subscribe, () => shortcuts)

  useEffect(() => {
    let before = ''
    let beforeAt = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.repeat) return
      const name = nameOf(event)
      const withModifier = name.startsWith('mod+')
      if (event.isComposing || event.keyCode === 229) return
      if (!withModifier && (!single || isTyping(event) || somethingFloats())) return
      const pair = event.timeStamp - beforeAt < sequenceWindow ? `${before} ${name}` : ''
      const found = known.findLast(each => each.keys === pair) ?? known.findLast(each => each.keys === name)
      before = name
      beforeAt = event.timeStamp
      if (found) {
        event.preventDefault()
        before = ''
        found.run()
      } else if (name === '?') {
        event.preventDefault()
        setOverlay(true)
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [known, single])

  const toggle = (on: boolean) => {
    setSingle(on)
    localStorage.setItem(storageKey, on ? 'on' : 'off')
  }
  return (
    <Dialog open={overlay} onClose={() => setOverlay(false)} title={t('kit.shortcuts.title')}>
      <div className="k-shortcuts">
        <ShortcutList title={t('kit.shortcuts.general')} shortcuts={known.filter(each => each.group === 'general')}>
          <li>
            <span>{t('kit.shortcuts.open')}</span>
            <Keys keys="?" />
          </li>
        </ShortcutList>
        <ShortcutList title={t('kit.shortcuts.go')} shortcuts={known.filter(each => each.group === 'go')} />
        <Switch
          label={t('kit.shortcuts.enabled')}
          hint={t('kit.shortcuts.enabledHint')}
          checked={single}
          onChange={toggle}
        />
      </div>
    </Dialog>
  )
}

interface ShortcutListProps {
  title: string
  shortcuts: readonly Shortcut[]
  children?: React.ReactNode
}

function ShortcutList({ title, shortcuts, children }: ShortcutListProps) {
  if (shortcuts.length === 0 && !children) return null
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {shortcuts.map(shortcut => (
          <li key={shortcut.keys}>
            <span>{shortcut.label}</span>
            <Keys keys={shortcut.keys} />
          </li>
        ))}
        {children}
      </ul>
    </section>
  )
}
