/** What a text of a welcome mail may name; each is replaced by the lead's own. */
export const mailVariables = ['name', 'company'] as const

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g

/** The variables of a text that nobody knows. */
export function unknownVariables(text: string): string[] {
  const known: readonly string[] = mailVariables
  return [...text.matchAll(placeholder)].map(([, name]) => name!).filter(name => !known.includes(name))
}

/** The text with its variables replaced by what the lead has; what is replaced is not read again. */
export function filledText(text: string, values: Readonly<Record<(typeof mailVariables)[number], string>>): string {
  return text.replace(placeholder, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name as 'name'] : whole,
  )
}
