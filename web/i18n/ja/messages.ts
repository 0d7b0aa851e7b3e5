import type { CoreMessages } from '../text.ts'
import { account } from './account.ts'
import { frame } from './frame.ts'
import { home } from './home.ts'
import { kit } from './kit.ts'
import { roles } from './roles.ts'
import { settings } from './settings.ts'

export const messages: CoreMessages = {
  account,
  frame,
  home,
  kit,
  roles,
  settings,
}
