import type { TemplateDraft } from './draft.ts'

const nameOf = (id: string) => `kizuna.onboarding-template.${id}`

export interface KeptDraft {
  draft: TemplateDraft
  /** The version that it changes; none for a new template. */
  version: number | undefined
}

/** What this window had typed of a template and not saved; nothing where it cannot be read. */
export function keptDraft(id: string): KeptDraft | undefined {
  try {
    const text = sessionStorage.getItem(nameOf(id))
    return text ? (JSON.parse(text) as KeptDraft) : undefined
  } catch {
    return undefined
  }
}

/** Keeps what was typed, so that leaving the page loses nothing. */
export function keepDraft(id: string, kept: KeptDraft): void {
  try {
    sessionStorage.setItem(nameOf(id), JSON.stringify(kept))
  } catch {
    // A full or closed store: the page itself still has it.
  }
}

export function forgetDraft(id: string): void {
  try {
    sessionStorage.removeItem(nameOf(id))
  } catch {
    // Then there was none.
  }
}
