import { createRoute } from '@tanstack/react-router'
import { workspace } from './workspace-route.tsx'

/** What stands above every screen of the settings. */
export const settings = createRoute({ getParentRoute: () => workspace, path: '/settings' })
