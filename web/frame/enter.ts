import { useRouter } from '@tanstack/react-router'
import { queries } from '../api/hooks.ts'
import { ownPath } from '../api/own-path.ts'

/** After signing in: forgets what was known before and goes where the person wanted to go. */
export function useEnter(): (to?: string) => void {
  const router = useRouter()
  return to => {
    queries.clear()
    router.history.replace(ownPath(to) ?? '/')
  }
}
