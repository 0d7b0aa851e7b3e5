import { createTracker, type Tracker } from './tracker.ts'

/** Calls that were made before this script was there: name and arguments. */
type Call = [keyof Tracker, ...unknown[]]

const script = document.currentScript
const page = globalThis as unknown as { kizuna?: object }

if (script instanceof HTMLScriptElement && script.dataset.writeKey) {
  const { writeKey, host, consent, page: pages, messages } = script.dataset
  const tracker = createTracker({
    writeKey,
    host: host ?? new URL(script.src).origin,
    consent: consent === 'granted' ? consent : undefined,
    messages: messages === 'on',
  })
  const early = page.kizuna
  // The same object, since parts of the page may hold it already.
  page.kizuna = Object.assign(early ?? {}, tracker)
  if (Array.isArray(early)) {
    for (const [name, ...given] of (early as Call[]).splice(0)) {
      const call = tracker[name] as ((...given: unknown[]) => void) | undefined
      call?.(...given)
    }
  }
  if (pages === 'auto') followPages(tracker)
} else console.warn('kizuna: the script element has no data-write-key')

/** A page call now, and whenever the address names another page. */
function followPages(tracker: Tracker): void {
  let shown: string | undefined
  const look = () => {
    if (location.pathname === shown) return
    shown = location.pathname
    tracker.page()
  }
  look()
  // An application sets the title after the address.
  const soon = () => setTimeout(look)
  addEventListener('popstate', soon)
  for (const name of ['pushState', 'replaceState'] as const) {
    const change = history[name]
    history[name] = function (...given) {
      change.apply(this, given)
      soon()
    }
  }
}
