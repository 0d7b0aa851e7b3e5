import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useText } from '../i18n/provider.tsx'
import { Icon } from './icon.tsx'

interface Toast {
  id: number
  text: string
  tone: 'done' | 'failed'
  /** Takes the action back; offered for `undoSeconds`. */
  undo?: () => void
  retry?: () => void
}

/** Seconds a toast stays; one that can be undone stays longer, a failure stays until it is closed. */
const plainSeconds = 5
const undoSeconds = 8
/** More at a time would cover the page. */
const most = 3

let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function change(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Says that something was done, and lets it be undone: `toastDone(t('…'), { undo })`. */
export function toastDone(text: string, more: { undo?: () => void } = {}): void {
  lastId += 1
  change([...toasts, { id: lastId, text, tone: 'done' as const, ...more }].slice(-most))
}

/** Says that something failed; stays until it is closed. The same failure is not shown twice. */
export function toastFailed(text: string, more: { retry?: () => void } = {}): void {
  lastId += 1
  const others = toasts.filter(toast => toast.text !== text)
  change([...others, { id: lastId, text, tone: 'failed' as const, ...more }].slice(-most))
}

function dismiss(id: number) {
  change(toasts.filter(toast => toast.id !== id))
}

/** Shows the toasts; once in the application. */
export function Toaster() {
  const t = useText()
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <section className="k-toasts" aria-label={t('kit.toast.region')}>
      <div className="grid gap-3" role="status">
        {shown
          .filter(toast => toast.tone === 'done')
          .map(toast => (
            <ToastLine key={toast.id} toast={toast} />
          ))}
      </div>
      <div className="grid gap-3" role="alert">
        {shown
          .filter(toast => toast.tone === 'failed')
          .map(toast => (
            <ToastLine key={toast.id} toast={toast} />
          ))}
      </div>
    </section>
  )
}

function ToastLine({ toast }: { toast: Toast }) {
  const t = useText()
  const whole = toast.undo ? undoSeconds : plainSeconds
  const [left, setLeft] = useState(whole)
  const held = useRef(false)
  const fades = toast.tone === 'done'

  useEffect(() => {
    if (!fades) return
    const timer = setInterval(() => {
      if (!held.current) setLeft(seconds => seconds - 1)
    }, 1_000)
    return () => clearInterval(timer)
  }, [fades])
  useEffect(() => {
    if (left <= 0) dismiss(toast.id)
  }, [left, toast.id])

  const hold = (on: boolean) => () => {
    held.current = on
  }
  const act = (action: () => void) => () => {
    dismiss(toast.id)
    action()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering or focusing only stops the clock
    <div
      className="k-toast"
      onMouseEnter={hold(true)}
      onMouseLeave={hold(false)}
      onFocus={hold(true)}
      onBlur={hold(false)}
    >
      <span>{toast.text}</span>
      {toast.undo && (
        <>
          <button type="button" onClick={act(toast.undo)}>
            {t('kit.toast.undo')}
          </button>
          <span className="k-toast-time" aria-hidden="true">
            {left}
          </span>
        </>
      )}
      {toast.retry && (
        <button type="button" onClick={act(toast.retry)}>
          {t('kit.toast.retry')}
        </button>
      )}
      {toast.tone === 'failed' && (
        <button type="button" aria-label={t('kit.close')} onClick={() => dismiss(toast.id)}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}
