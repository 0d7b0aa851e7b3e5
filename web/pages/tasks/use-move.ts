import { useText } from '../../i18n/provider.tsx'
import { useShortcut } from '../../kit/shortcuts.tsx'

/** `j` and `k` move through the tasks on the page; the focus says which is the active one. */
export function useMove(tasks: readonly { id: string }[], active: string | undefined): void {
  const t = useText()
  const move = (step: number) => {
    const at = tasks.findIndex(({ id }) => id === active)
    const next = tasks[Math.max(0, Math.min(tasks.length - 1, at < 0 ? 0 : at + step))]
    if (next) document.querySelector<HTMLElement>(`[data-task="${next.id}"]`)?.focus()
  }
  useShortcut('j', t('tasks.next'), 'general', () => move(1))
  useShortcut('k', t('tasks.previous'), 'general', () => move(-1))
}
