import ts from 'typescript'
import type { TableScopes } from '../../server/platform/db/tables.ts'
import { doUpdateFaults, generalFaults } from './general.ts'
import { normalised } from './text.ts'

const words = 'with|select|insert|update|delete|merge|create|alter|grant|drop|truncate|set|begin|copy'
/** Lower or upper case throughout; "Select a company" is a sentence. */
const sqlStart = new RegExp(`^\\s*(${words}|${words.toUpperCase()})\\b`)
/** Said in a statement that means every tenant: the queue's sweep, the operator's tools. Anything else names its tenant. */
const allTenants = '/* all tenants */'
/** Where statements are put together from checked parts: migrations, roles, SET LOCAL, COPY by table name. */
const mayBuildSql = /^server\/platform\/(db|tenancy|postgres|operations)\//

/** What can be seen of the SQL in one source file: tagged templates, texts that read as statements, Kysely's builder. */
export function sourceFaults(path: string, text: string, scopes: TableScopes): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const faults: string[] = []
  const report = (node: ts.Node, messages: string[]) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart())
    for (const message of new Set(messages)) faults.push(`${path}:${line + 1}: ${message}`)
  }
  const visit = (node: ts.Node) => {
    const statement = statementIn(node)
    if (statement !== undefined) report(node, statementFaults(statement, scopes))
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      report(node, callFaults(node, node.expression.name.text, path, scopes))
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return faults
}

/** The SQL that a literal holds, `$0` in place of each substitution; undefined where it is none. */
function statementIn(node: ts.Node): string | undefined {
  if (!ts.isStringLiteral(node) && !ts.isNoSubstitutionTemplateLiteral(node) && !ts.isTemplateExpression(node))
    return undefined
  const text = ts.isTemplateExpression(node)
    ? node.head.text + node.templateSpans.map(span => `$0${span.literal.text}`).join('')
    : node.text
  const tagged = ts.isTaggedTemplateExpression(node.parent) && node.parent.tag.getText() === 'sql'
  return tagged || sqlStart.test(text) ? text : undefined
}

function statementFaults(statement: string, scopes: TableScopes): string[] {
  const text = normalised(statement)
  const faults = generalFaults(text, scopes)
  if (/^create (or replace )?(constraint )?trigger\b/.test(text))
    faults.push('no triggers: a distributed table refuses them')
  if (statement.includes(allTenants)) return faults
  for (const match of text.matchAll(/\b(?:from|join|update|into) (?:only )?([\w.]+)/g)) {
    const name = match[1] ?? ''
    if (name === 'tenant' || scopes[name] !== 'tenant') continue
    if (!/\btenant_id\b/.test(text)) faults.push(unnamed(name))
  }
  return faults
}

function unnamed(name: string): string {
  return `${name}: every statement on a tenant table names its tenant_id (or says ${allTenants} where it means that)`
}

function callFaults(call: ts.CallExpression, method: string, path: string, scopes: TableScopes): string[] {
  const [argument] = call.arguments
  if (['selectFrom', 'updateTable', 'deleteFrom'].includes(method)) {
    const name = argument && ts.isStringLiteral(argument) ? (argument.text.split(' ')[0] ?? '') : ''
    const names = name !== 'tenant' && scopes[name] === 'tenant'
    return names && !/tenant_?id/i.test(wholeChain(call).getText()) ? [unnamed(name)] : []
  }
  if (method === 'mergeInto') return ['no MERGE: refused under row-level security on a cluster; INSERT ... ON CONFLICT']
  if (method === 'doUpdateSet') return isOnLocalTable(call, scopes) ? [] : call.arguments.flatMap(doUpdateSetFaults)
  if ((method === 'raw' || method === 'query') && argument && !mayBuildSql.test(path) && isBuilt(argument)) {
    return ['no SQL put together from strings: parameters, the sql tag, or escapeIdentifier()']
  }
  return []
}

/** From the first call of a builder to the last one of its chain. */
function wholeChain(node: ts.Node): ts.Node {
  let outer = node
  while (
    (ts.isPropertyAccessExpression(outer.parent) && outer.parent.expression === outer) ||
    (ts.isCallExpression(outer.parent) && outer.parent.expression === outer)
  ) {
    outer = outer.parent
  }
  return outer
}

/** True inside `insertInto('a local table').onConflict(...)`. */
function isOnLocalTable(call: ts.Node, scopes: TableScopes): boolean {
  for (let node = call.parent; node; node = node.parent) {
    if (!ts.isCallExpression(node)) continue
    const name = /insertInto\(['"](\w+)/.exec(node.expression.getText())?.[1]
    if (name !== undefined) return scopes[name] === 'local'
  }
  return false
}

function doUpdateSetFaults(node: ts.Node): string[] {
  const faults: string[] = []
  const visit = (inner: ts.Node) => {
    if (ts.isTaggedTemplateExpression(inner) && inner.tag.getText() === 'sql') {
      faults.push(...doUpdateFaults(normalised(statementIn(inner.template) ?? '')))
    }
    ts.forEachChild(inner, visit)
  }
  visit(node)
  return faults
}

/** True for a text with foreign parts; quoted identifiers and literals, and constants of the same file, are none. */
function isBuilt(node: ts.Expression): boolean {
  if (ts.isTemplateExpression(node)) return node.templateSpans.some(span => !isSafePart(span.expression))
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return false
  return [node.left, node.right].some(part => !ts.isStringLiteralLike(part) && (isBuilt(part) || !isSafePart(part)))
}

function isSafePart(node: ts.Expression): boolean {
  if (ts.isBinaryExpression(node) || ts.isTemplateExpression(node)) return !isBuilt(node)
  if (ts.isCallExpression(node)) return /(^|[.])escape(Identifier|Literal)$/.test(node.expression.getText())
  return ts.isIdentifier(node) && isConstant(node)
}

/** A `const` at the top of the file with a literal for its value. */
function isConstant(name: ts.Identifier): boolean {
  return name
    .getSourceFile()
    .statements.some(
      statement =>
        ts.isVariableStatement(statement) &&
        (statement.declarationList.flags & ts.NodeFlags.Const) !== 0 &&
        statement.declarationList.declarations.some(
          ({ name: declared, initializer }) =>
            declared.getText() === name.text &&
            initializer !== undefined &&
            (ts.isStringLiteralLike(initializer) || ts.isNumericLiteral(initializer)),
        ),
    )
}
