import { account } from './account.ts'
import { docs } from './docs.ts'
import { frame } from './frame.ts'
import { gallery } from './gallery.ts'
import { home } from './home.ts'
import { kit } from './kit.ts'
import { profile } from './profile.ts'
import { roles } from './roles.ts'
import { security } from './security.ts'
import { settings } from './settings.ts'

/** Every area's English texts. Areas are added here and in ja/messages.ts. */
export const messages = { account, docs, frame, gallery, home, kit, profile, roles, security, settings }
