/** Endings that say the legal form, in the order in which they are taken off. */
const legalForms = /[\s,.-]+(?:inc|ltd|llc|llp|co|corp|corporation|company|limited|gmbh|kk|pte|plc)\.?$/i
const shortest = 3
const longest = 40

/** What an address of a company may be, for the `pattern` of its field; the server holds the same rule. */
export const slugPattern = '[a-z0-9][a-z0-9\\-]{1,38}[a-z0-9]'

/**
 * Proposes the address of a company from its name: `Minato Cloud, Inc.` becomes `minato-cloud`.
 * @returns '' where the name has too few Latin letters for it, as Japanese names do
 */
export function proposeSlug(company: string): string {
  let name = company.normalize('NFKD').replace(/\p{M}/gu, '').trim()
  while (legalForms.test(name)) name = name.replace(legalForms, '')
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '')
  return slug.length >= shortest ? slug : ''
}
