import type { Words } from '../../../platform/errors/words.ts'
import { type MergeData, MergeText, mergeFault, putBack } from '../merge-tags.ts'

/** A text with values in place of its merge tags, as plain text. What cannot be filled stays empty. */
export function plainText(text: string, data: MergeData): string {
  try {
    return putBack(new MergeText(text).fill(data))
  } catch {
    return ''
  }
}

/** Says what is wrong with the merge tags of a plain text; undefined where nothing is. */
export function plainFault(text: string): Words | undefined {
  return mergeFault(text)
}
