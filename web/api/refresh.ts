import { useEffect } from 'react'
import { invalidate } from './hooks.ts'

/** Fetches the answers of these paths again every few seconds while the page is in sight: for what no event tells of. */
export function useRefresh(prefix: string, seconds: number): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void invalidate(prefix)
    }, seconds * 1_000)
    return () => clearInterval(timer)
  }, [prefix, seconds])
}
