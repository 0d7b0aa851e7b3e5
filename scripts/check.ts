import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './checks/source-files.ts'

interface Step {
  name: string
  command: string[]
}

/** The whole check; the longest first, since two run at a time. */
const steps: Step[] = [
  {
    name: 'types',
    command: ['tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', '.cache/types.tsbuildinfo', '--pretty', 'false'],
  },
  { name: 'unused code', command: ['knip', '--no-progress'] },
  {
    name: 'import rules',
    command: ['depcruise', '--config', 'architecture.cjs', '--output-type', 'err-long', ...cruised()],
  },
  { name: 'lint and format', command: ['biome', 'check', '--error-on-warnings', '--max-diagnostics=100', '.'] },
  { name: 'vocabulary', command: ['node', 'scripts/check-vocabulary.ts'] },
  { name: 'sql', command: ['node', 'scripts/check-sql.ts'] },
  { name: 'strings', command: ['node', 'scripts/check-strings.ts'] },
]

function cruised(): string[] {
  return ['server', 'web', 'tracker', 'cli', 'scripts', 'tests', 'bench', 'vitest.config.ts', 'vite.config.ts']
}

/** The tools' own Node first: the machine's may be older than they accept. */
const environment = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter),
  NO_COLOR: '1',
}

/** Runs one step; prints its name and time, and its output when it failed. */
async function passes({ name, command }: Step): Promise<boolean> {
  const started = performance.now()
  const [program = '', ...parameters] = command
  const child = spawn(program, parameters, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  child.stdout.on('data', chunk => output.push(chunk))
  child.stderr.on('data', chunk => output.push(chunk))
  const code = await new Promise<number | null>(resolve => {
    child.on('error', error => {
      output.push(Buffer.from(`${program} did not start: ${error.message}\n`))
      resolve(null)
    })
    child.on('close', resolve)
  })
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(16)} ${seconds.padStart(5)} s`)
  if (code !== 0) console.log(Buffer.concat(output).toString().trimEnd().replace(/^/gm, '     '))
  return code === 0
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter(name => !steps.some(step => step.name === name))
if (unknown.length > 0) {
  console.error(`No step ${unknown.join(', ')}; there are: ${steps.map(step => step.name).join(', ')}`)
  process.exit(2)
}
const waiting = steps.filter(step => chosen.length === 0 || chosen.includes(step.name))
let failed = 0
async function work(): Promise<void> {
  for (let step = waiting.shift(); step; step = waiting.shift()) if (!(await passes(step))) failed++
}
await Promise.all([work(), work()])
if (failed > 0) console.log(`${failed} of the checks failed`)
process.exit(failed > 0 ? 1 : 0)
