/** SQL without comments and with its literals blanked (but names of settings), in lower case, one space between words. */
export function normalised(statement: string): string {
  return statement
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, part => blanked(part))
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
}

function blanked(part: string): string {
  if (!part.startsWith("'")) return ' '
  return /^'\w+[.]\w+'$/.test(part) ? part : "''"
}

/** The text from `start` to the bracket that closes the level it is on, or to the end. */
export function sameLevel(text: string, start: number): string {
  let depth = 0
  for (let index = start; index < text.length; index++) {
    if (text[index] === '(') depth++
    if (text[index] === ')' && --depth < 0) return text.slice(start, index)
  }
  return text.slice(start)
}

/** The parts between commas that stand in no brackets. */
export function listItems(text: string): string[] {
  const items: string[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '(') depth++
    if (text[index] === ')') depth--
    if (text[index] !== ',' || depth > 0) continue
    items.push(text.slice(start, index).trim())
    start = index + 1
  }
  return [...items, text.slice(start).trim()]
}
