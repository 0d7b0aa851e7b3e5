import { type RefObject, useEffect, useRef } from 'react'

/** The first screen keeps the browser's own focus; each later one takes it, so that a screen reader notices. */
let isFirst = true

/** For the main part of a screen: takes the focus when the screen comes, except for the first one of a visit. */
export function useScreenFocus(): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isFirst) isFirst = false
    else main.current?.focus({ preventScroll: true })
  }, [])
  return main
}
