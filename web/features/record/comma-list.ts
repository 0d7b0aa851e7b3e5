/** Several values typed into one line, with commas or the Japanese 、 between them. */
export function commaList(text: string): string[] {
  return text
    .split(/[,、\n]/)
    .map(each => each.trim())
    .filter(Boolean)
}
