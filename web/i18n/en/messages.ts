import { frame } from './frame.ts'
import { gallery } from './gallery.ts'
import { home } from './home.ts'
import { kit } from './kit.ts'

/** Every area's English texts. Areas are added here and in ja/messages.ts. */
export const messages = { kit, frame, gallery, home }
