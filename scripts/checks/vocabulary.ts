import { basename } from 'node:path'
import ts from 'typescript'
import layers from './layers.json' with { type: 'json' }
import type { SourceFile } from './source-files.ts'

const { stages, roles } = layers
/** Names that say nothing, or that say "beside the old one". */
const banned = /^(index|utils?|helpers?|common|misc|shared|lib|types|constants|services?|.*[-.]?v\d+)$/
const longest = 350
const mayBeLong = /[.]generated[.]ts$|^web\/i18n\/(ja|en)\//

/** Checks names, places and lengths of files, and the few calls that an import rule cannot see. */
export function vocabularyFaults(files: SourceFile[]): string[] {
  return files.flatMap(file => [...nameFaults(file.path), ...lengthFaults(file), ...callFaults(file)])
}

function nameFaults(path: string): string[] {
  const faults: string[] = []
  for (const part of path.split('/')) {
    const name = part.replace(/([.]test|[.]generated)?[.]tsx?$/, '')
    if (part !== 'types.generated.ts' && banned.test(name)) {
      faults.push(`${path}: "${part}" says nothing; name it by the idea it holds, and import that file directly.`)
    }
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*([.](test|generated|config))?[.]tsx?$/.test(basename(path))) {
    faults.push(`${path}: file names are lower case with hyphens.`)
  }
  const [top, stage = '', module, inside, ...deeper] = path.split('/')
  if (top !== 'server') return faults
  // Directly in server/ stand the entry points and what composes the rest; architecture.cjs keeps the stages off them.
  if (module === undefined) return faults
  if (!stages.includes(stage)) {
    faults.push(`${path}: "${stage}" is no stage; they are ${stages.join(', ')}.`)
  } else if (inside === undefined) {
    faults.push(`${path}: a file stands in a module's folder, not directly in a stage.`)
  } else if (stage !== 'platform' && deeper.length > 0 && (!roles.includes(inside) || deeper.length > 1)) {
    faults.push(`${path}: a folder in a module is a role that grew (${roles.join(', ')}), one level deep.`)
  }
  return faults
}

function lengthFaults({ path, text }: SourceFile): string[] {
  const lines = text.split('\n').length - 1
  if (lines <= longest || mayBeLong.test(path)) return []
  return [`${path}: ${lines} lines; at most ${longest}, aim below 300. Split it by its ideas.`]
}

function callFaults({ path, text }: SourceFile): string[] {
  const rules = [
    {
      applies: /^(server|web)\//.test(path) && !/^server\/platform\/config\//.test(path),
      find: isProcessEnv,
      message: 'process.env is read in server/platform/config only; take the setting as an argument.',
    },
    {
      applies: isInModule(path) && !/\/client([.]ts$|\/)/.test(path),
      find: isFetch,
      message: "only a module's client.ts calls out (fetch).",
    },
    {
      applies: isPureRule(path),
      find: isClockOrChance,
      message: 'a pure rule takes time and chance as arguments.',
    },
  ].filter(rule => rule.applies)
  if (rules.length === 0 || isTest(path)) return []
  const faults: string[] = []
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const visit = (node: ts.Node) => {
    for (const rule of rules) {
      if (!rule.find(node)) continue
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      faults.push(`${path}:${line + 1}: ${rule.message}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return faults
}

function isTest(path: string): boolean {
  return /[.]test[.]tsx?$/.test(path)
}

function isInModule(path: string): boolean {
  return new RegExp(`^server/(${stages.slice(1).join('|')})/[^/]+/`).test(path)
}

function isPureRule(path: string): boolean {
  const file = path.split('/')[3] ?? ''
  return isInModule(path) && !roles.includes(file.replace(/[.]ts$/, ''))
}

function isProcessEnv(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && isNamed(node.expression, 'process') && node.name.text === 'env'
}

function isFetch(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node) && (isNamed(node.expression, 'fetch') || isMember(node.expression, 'globalThis', 'fetch'))
  )
}

function isClockOrChance(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return isNamed(node.expression, 'Date') && (node.arguments?.length ?? 0) === 0
  if (!ts.isCallExpression(node)) return false
  return isMember(node.expression, 'Date', 'now') || isMember(node.expression, 'Math', 'random')
}

function isMember(node: ts.Expression, object: string, property: string): boolean {
  return ts.isPropertyAccessExpression(node) && isNamed(node.expression, object) && node.name.text === property
}

function isNamed(node: ts.Expression, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name
}
