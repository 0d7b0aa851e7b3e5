import type { CoreMessages } from '../text.ts'
import { frame } from './frame.ts'
import { home } from './home.ts'
import { kit } from './kit.ts'
import { roles } from './roles.ts'
import { settings } from './settings.ts'

export const messages: CoreMessages = {
  frame,
  home,
  kit,
  roles,
  settings,
}
