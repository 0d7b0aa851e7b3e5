import { createRoute, redirect } from '@tanstack/react-router'
import { sessionState } from './api/session.tsx'
import { SignedIn } from './frame/signed-in.tsx'
import { root, whereTo } from './outside-routes.ts'

/** Everything behind the sign-in. */
export const workspace = createRoute({
  getParentRoute: () => root,
  id: 'workspace',
  beforeLoad: async ({ location }) => {
    const state = await sessionState()
    if (state === 'signed_in') return
    throw redirect({
      to: state === 'second_factor' ? '/second-factor' : '/sign-in',
      search: whereTo({ to: location.pathname + location.searchStr }),
      // Tokens of links stand in the fragment, which no server sees: it stays one.
      hash: location.hash,
      replace: true,
    })
  },
  component: SignedIn,
})
