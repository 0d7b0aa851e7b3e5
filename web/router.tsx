import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { SessionProvider } from './api/session.tsx'
import { BrokenScreen, MissingScreen, WaitingScreen } from './frame/problem-screen.tsx'
import { standInSession } from './frame/stand-in-session.ts'
import { Workspace } from './frame/workspace.tsx'

const root = createRootRoute()

/** Everything behind the sign-in. */
const workspace = createRoute({
  getParentRoute: () => root,
  id: 'workspace',
  component: () => (
    <SessionProvider session={standInSession} switchTenant={() => {}} signOut={() => {}}>
      <Workspace />
    </SessionProvider>
  ),
})

const home = createRoute({
  getParentRoute: () => workspace,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/page.tsx'), 'HomePage'),
})

/** Every component in every state: for whoever builds screens. Not linked from the navigation. */
const kit = createRoute({
  getParentRoute: () => workspace,
  path: '/kit',
  component: lazyRouteComponent(() => import('./pages/kit/page.tsx'), 'KitPage'),
})

const missing = createRoute({ getParentRoute: () => workspace, path: '$', component: MissingScreen })

export const router = createRouter({
  routeTree: root.addChildren([workspace.addChildren([home, kit, missing])]),
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
