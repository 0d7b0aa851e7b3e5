import { useRef, useState } from 'react'

/**
 * Where something that floats is put in the page: in the dialog or landmark of its trigger, so that screen readers
 * meet it there and not outside of everything. Looked up when it opens.
 */
export function useLandmark() {
  const trigger = useRef<HTMLButtonElement>(null)
  const [container, setContainer] = useState<HTMLElement | null>(null)
  const find = (open: boolean) => {
    if (open)
      setContainer(
        trigger.current?.closest<HTMLElement>('[role=dialog], [role=alertdialog], main, nav, header') ?? null,
      )
  }
  return { trigger, container, find }
}
