/** Stands for the page's own origin while an address is read; never a real host. */
const base = 'http://own.invalid'

/**
 * The path, query and fragment of an address of this site, where somebody is led after signing in.
 * @param address what stood in the URL: anything
 * @returns undefined for the home page, for other sites (`//other`, `/\other`, `https:…`) and for what is no text
 */
export function ownPath(address: unknown): string | undefined {
  if (typeof address !== 'string' || !/^\/(?![/\\])/.test(address) || address === '/') return undefined
  if (!URL.canParse(address, base)) return undefined
  const url = new URL(address, base)
  if (url.origin !== base) return undefined
  return `${url.pathname}${url.search}${url.hash}`
}
