import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * `npm run bench` measures every figure in turn, `npm run bench -- http` one. A bench prints what it does in words,
 * and each result as one line of JSON; those are repeated together at the end.
 */
const all = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.ts') && file !== 'run.ts' && !file.endsWith('.test.ts'))
  .map(file => file.slice(0, -3))
  .sort()
const names = process.argv.slice(2)
const unknown = names.filter(name => !all.includes(name))
if (unknown.length > 0) {
  console.error(`No bench ${unknown.join(', ')}; there are: ${all.join(', ') || '(none)'}`)
  process.exit(2)
}

const results: string[] = []
const failed: string[] = []
for (const name of names.length > 0 ? names : all) {
  console.log(`== ${name}`)
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = new Promise<number | null>(resolve => child.on('close', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line)
    if (isResult(line)) results.push(`${name}: ${line}`)
  }
  if ((await closed) !== 0) failed.push(name)
}
console.log(['== results', ...results].join('\n'))
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`)
process.exit(failed.length > 0 ? 1 : 0)

function isResult(line: string): boolean {
  if (!line.startsWith('{')) return false
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
