/**
 * The domain in an address that somebody wrote: `https://www.example.co.jp/ja/` and `info@example.co.jp` are both
 * `example.co.jp`.
 * @returns undefined where the text holds none
 */
export function domainOf(text: string): string | undefined {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]{0,20}:\/\//, '')
    .split(/[/?#\s]/, 1)[0]!
    .split('@')
    .at(-1)!
    .replace(/:\d+$/, '')
    .replace(/^www\./, '')
    .replace(/\.$/, '')
  if (host.length > 253) return undefined
  const labels = host.split('.')
  const isName = (label: string) => label.length <= 63 && /^[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?$/u.test(label)
  return labels.length >= 2 && labels.every(isName) && /\p{L}/u.test(labels.at(-1)!) ? host : undefined
}
