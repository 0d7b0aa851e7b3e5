import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { ownPath } from './api/own-path.ts'
import { sessionState } from './api/session.tsx'
import { BrokenScreen, MissingScreen, WaitingScreen } from './frame/problem-screen.tsx'
import { SignedIn } from './frame/signed-in.tsx'

const root = createRootRoute()

/** Where somebody is led after signing in; other sites are left out. */
const whereTo = (search: Record<string, unknown>): { to?: string } => {
  const to = ownPath(search.to)
  return to ? { to } : {}
}

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('./pages/sign-up/page.tsx'), 'SignUpPage'),
})

/** Mails lead here, to /reset and to /invitation with a token in the fragment, which no server sees. */
const verify = createRoute({
  getParentRoute: () => root,
  path: '/verify',
  component: lazyRouteComponent(() => import('./pages/verify/page.tsx'), 'VerifyPage'),
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: whereTo,
  component: lazyRouteComponent(() => import('./pages/sign-in/page.tsx'), 'SignInPage'),
})

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  validateSearch: whereTo,
  component: lazyRouteComponent(() => import('./pages/second-factor/page.tsx'), 'SecondFactorPage'),
})

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('./pages/reset/page.tsx'), 'ResetPage'),
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/invitation/page.tsx'), 'InvitationPage'),
})

/** The reference of the API; public, as /openapi.json is. */
const docs = createRoute({
  getParentRoute: () => root,
  path: '/docs',
  component: lazyRouteComponent(() => import('./pages/docs/page.tsx'), 'DocsPage'),
})

/** Everything behind the sign-in. */
const workspace = createRoute({
  getParentRoute: () => root,
  id: 'workspace',
  beforeLoad: async ({ location }) => {
    const state = await sessionState()
    if (state === 'signed_in') return
    throw redirect({
      to: state === 'second_factor' ? '/second-factor' : '/sign-in',
      search: whereTo({ to: location.href }),
      replace: true,
    })
  },
  component: SignedIn,
})

const home = createRoute({
  getParentRoute: () => workspace,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/page.tsx'), 'HomePage'),
})

const settings = createRoute({ getParentRoute: () => workspace, path: '/settings' })

const settingsStart = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile', replace: true })
  },
})

const profile = createRoute({
  getParentRoute: () => settings,
  path: '/profile',
  component: lazyRouteComponent(() => import('./pages/settings/profile/page.tsx'), 'ProfilePage'),
})

const security = createRoute({
  getParentRoute: () => settings,
  path: '/security',
  component: lazyRouteComponent(() => import('./pages/settings/security/page.tsx'), 'SecurityPage'),
})

/** Every component in every state: for whoever builds screens. Not linked from the navigation. */
const kit = createRoute({
  getParentRoute: () => workspace,
  path: '/kit',
  component: lazyRouteComponent(() => import('./pages/kit/page.tsx'), 'KitPage'),
})

const missing = createRoute({ getParentRoute: () => workspace, path: '$', component: MissingScreen })

export const router = createRouter({
  routeTree: root.addChildren([
    signUp,
    verify,
    signIn,
    secondFactor,
    reset,
    invitation,
    docs,
    workspace.addChildren([home, settings.addChildren([settingsStart, profile, security]), kit, missing]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: BrokenScreen,
  defaultPendingComponent: WaitingScreen,
  defaultPendingMs: 300,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
