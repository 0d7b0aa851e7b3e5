import type { CoreMessages } from '../text.ts'
import { account } from './account.ts'
import { company } from './company.ts'
import { frame } from './frame.ts'
import { home } from './home.ts'
import { kit } from './kit.ts'
import { members } from './members.ts'
import { profile } from './profile.ts'
import { roles } from './roles.ts'
import { settings } from './settings.ts'
import { teams } from './teams.ts'

export const messages: CoreMessages = {
  account,
  teams,
  members,
  company,
  frame,
  home,
  kit,
  profile,
  roles,
  settings,
}
