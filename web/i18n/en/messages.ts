import { frame } from './frame.ts'
import { home } from './home.ts'
import { kit } from './kit.ts'
import { roles } from './roles.ts'
import { settings } from './settings.ts'

/** Every area's English texts. Those of pages that few open stand in ../areas.ts instead. */
export const messages = {
  frame,
  home,
  kit,
  roles,
  settings,
}
