import type { TemplateDraft } from './draft.ts'

const nameOf = (id: string) => `kizuna.onboarding-template.${id}`

/** What this window had typed of a template and not saved; nothing where it cannot be read. */
export function keptDraft(id: string): TemplateDraft | undefined {
  try {
    const text = sessionStorage.getItem(nameOf(id))
    return text ? (JSON.parse(text) as TemplateDraft) : undefined
  } catch {
    return undefined
  }
}

/** Keeps what was typed, so that leaving the page loses nothing. */
export function keepDraft(id: string, draft: TemplateDraft): void {
  try {
    sessionStorage.setItem(nameOf(id), JSON.stringify(draft))
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
