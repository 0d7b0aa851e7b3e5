const units: Record<string, number> = { 千: 1e3, 万: 1e4, 百万: 1e6, 億: 1e8, k: 1e3, m: 1e6 }

/**
 * A number as people write it: full-width digits, thousands separators, currency signs, 円, percent, 万 and 億,
 * negative by a sign, a triangle (▲) or brackets.
 * @param decimal the character before the fraction; the other one groups thousands
 * @returns undefined where the text is no number; a percentage is its number: `12.5%` is 12.5
 */
export function numberOf(text: string, decimal: '.' | ',' = '.'): number | undefined {
  if (text.length > 60) return undefined
  if (decimal === '.' && text !== '' && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text) || 0
  let rest = text
    .normalize('NFKC')
    .replace(/[\s_']/g, '')
    .toLowerCase()
  let sign = 1
  const bracketed = /^\((.+)\)$/.exec(rest)
  if (bracketed) {
    sign = -1
    rest = bracketed[1]!
  }
  rest = rest
    .replace(/^(jpy|usd|eur|gbp|us\$)/, '')
    .replace(/(jpy|usd|eur|gbp|円|yen|%)$/, '')
    .replace(/[¥$€£]/g, '')
  const marked = /^([-−‐–▲△+])(.+)$/.exec(rest)
  if (marked) {
    if (marked[1] !== '+') sign = -sign
    rest = marked[2]!
  }
  rest = rest.replace(/^[¥$€£]/, '')
  const unit = /(百万|千|万|億|k|m)$/.exec(rest)?.[1]
  if (unit) rest = rest.slice(0, -unit.length)
  const [group, point] = decimal === '.' ? [',', '.'] : ['.', ',']
  const parts = rest.split(point)
  if (parts.length > 2) return undefined
  const [whole = '', fraction = ''] = parts
  const groups = whole.split(group)
  if (groups.length > 1 && !groups.every((part, index) => (index === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(part)))
    return undefined
  const digits = groups.join('')
  if (!/^\d{1,18}$/.test(digits) && !(digits === '' && fraction !== '')) {
    return decimal === '.' && /^\d+(\.\d+)?e[+-]?\d{1,2}$/.test(rest) ? sign * Number(rest) : undefined
  }
  if (!/^\d{0,18}$/.test(fraction)) return undefined
  const value = Number(`${digits === '' ? '0' : digits}.${fraction === '' ? '0' : fraction}`)
  return sign * (unit ? Math.round(value * units[unit]! * 1e6) / 1e6 : value) || 0
}
