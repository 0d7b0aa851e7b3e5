import type { Messages } from '../text.ts'
import { frame } from './frame.ts'
import { gallery } from './gallery.ts'
import { home } from './home.ts'
import { kit } from './kit.ts'

export const messages: Messages = { kit, frame, gallery, home }
