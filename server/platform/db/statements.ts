/**
 * Splits a migration into its statements, minding quotes, dollar quotes and comments.
 * Each runs by itself: a distributed table refuses several commands in one message.
 */
export function statementsOf(source: string): string[] {
  const statements: string[] = []
  const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g
  let start = 0
  for (const match of source.matchAll(token)) {
    if (match[0] !== ';') continue
    statements.push(source.slice(start, match.index).trim())
    start = match.index + 1
  }
  statements.push(source.slice(start).trim())
  return statements.filter(statement => withoutComments(statement) !== '')
}

function withoutComments(statement: string): string {
  return statement.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim()
}
