import { useEffect, useState } from 'react'

/** Milliseconds without typing after which a search begins. */
const pause = 250

/** What was typed, once the typing rests. */
export function useDebounced(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
