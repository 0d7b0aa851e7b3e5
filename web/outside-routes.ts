import { createRootRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { ownPath } from './api/own-path.ts'
import { withTexts } from './i18n/load.ts'

/** Above every screen. */
export const root = createRootRoute()

/** Where somebody is led after signing in; other sites are left out. */
export const whereTo = (search: Record<string, unknown>): { to?: string } => {
  const to = ownPath(search.to)
  return to ? { to } : {}
}

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/sign-up/page.tsx'), 'account'),
    'SignUpPage',
  ),
})

/** Mails lead here, to /reset and to /invitation with a token in the fragment, which no server sees. */
const verify = createRoute({
  getParentRoute: () => root,
  path: '/verify',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/verify/page.tsx'), 'account'),
    'VerifyPage',
  ),
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: whereTo,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/sign-in/page.tsx'), 'account'),
    'SignInPage',
  ),
})

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  validateSearch: whereTo,
  component: lazyRouteComponent(
    withTexts(() => import('./pages/second-factor/page.tsx'), 'account'),
    'SecondFactorPage',
  ),
})

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/reset/page.tsx'), 'account'),
    'ResetPage',
  ),
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/invitation/page.tsx'), 'account'),
    'InvitationPage',
  ),
})

/** The reference of the API; public, as /openapi.json is. */
const docs = createRoute({
  getParentRoute: () => root,
  path: '/docs',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/docs/page.tsx'), 'docs'),
    'DocsPage',
  ),
})

/** What a customer sees of its onboarding; the token is in the fragment. */
const customerOnboarding = createRoute({
  getParentRoute: () => root,
  path: '/customer-onboarding',
  component: lazyRouteComponent(
    withTexts(() => import('./pages/customer-onboarding/page.tsx'), 'onboarding'),
    'CustomerOnboardingPage',
  ),
})

/** The screens before the sign-in, and the public ones. */
export const outsideRoutes = [
  signUp,
  verify,
  signIn,
  secondFactor,
  reset,
  invitation,
  docs,
  customerOnboarding,
] as const
