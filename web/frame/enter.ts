import { useRouter } from '@tanstack/react-router'
import { queries } from '../api/hooks.ts'
import { ownPath } from '../api/own-path.ts'

/** After signing in: forgets what was known before and goes where the person wanted to go, with the fragment of the address. */
export function useEnter(): (to?: string) => void {
  const router = useRouter()
  return to => {
    queries.clear()
    const path = ownPath(to)
    router.history.replace(path ? path.split('#')[0] + (location.hash || new URL(path, location.origin).hash) : '/')
  }
}
