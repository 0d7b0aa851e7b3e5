import { statementsOf } from '../../server/platform/db/statements.ts'
import type { TableScopes } from '../../server/platform/db/tables.ts'
import { generalFaults } from './general.ts'
import { listItems, normalised, sameLevel } from './text.ts'

interface Table {
  name: string
  /** Columns and constraints, normalised. */
  items: string[]
}

/** What a Citus cluster and row-level security ask of one migration. */
export function migrationFaults(path: string, source: string, scopes: TableScopes): string[] {
  const statements = statementsOf(source).map(normalised)
  const faults = statements.flatMap(statement => [
    ...generalFaults(statement, scopes),
    ...statementFaults(statement),
    ...alterFaults(statement, scopes),
    ...indexFaults(statement, scopes),
  ])
  for (const table of statements.flatMap(createdTable)) faults.push(...tableFaults(table, statements, scopes))
  return [...new Set(faults)].map(fault => `${path}: ${fault}`)
}

function statementFaults(statement: string): string[] {
  const faults: string[] = []
  const refuse = (pattern: RegExp, message: string) => {
    if (pattern.test(statement)) faults.push(message)
  }
  refuse(/^create (or replace )?(constraint )?trigger\b/, 'no triggers: a distributed table refuses them')
  refuse(
    /on delete set (null|default)/,
    'no ON DELETE SET NULL or DEFAULT: refused on a key with tenant_id; use cascade, restrict or no action',
  )
  refuse(
    /on (all tables|all tables in schema)\b/,
    'no GRANT ON ALL TABLES: it reaches partitions, which carry no row-level security',
  )
  refuse(
    /^alter default privileges\b/,
    'no default privileges: they reach partitions, which carry no row-level security',
  )
  refuse(/^create materialized view\b/, 'no materialized view: it carries no row-level security')
  refuse(
    /^create (or replace )?view\b(?!.*\bsecurity_invoker\b)/,
    'a view needs WITH (security_invoker = true), else it reads with the rights of its owner',
  )
  if (/^create policy\b/.test(statement) && /\(\s*select\b|\bexists\b/.test(statement)) {
    faults.push(
      'a policy without sub-select: distribution refuses it; use tenant_id = nullif(current_setting(...), ...)::uuid',
    )
  }
  return faults
}

function alterFaults(statement: string, scopes: TableScopes): string[] {
  const alter = /^alter table (?:if exists )?(?:only )?([\w.]+) (.*)$/.exec(statement)
  if (!alter) return []
  const [, name = '', rest = ''] = alter
  const actions = listItems(rest)
  const faults: string[] = []
  const addsColumn = actions.filter(action =>
    /^add (column )?(if not exists )?(?!constraint|primary|unique|foreign|check|exclude)\w+ /.test(action),
  )
  for (const action of addsColumn) {
    if (/\b(check|references|unique|primary key)\b/.test(action)) {
      faults.push(`${name}: ADD COLUMN without inline constraint; add the constraint by name in a statement of its own`)
    }
    if (/\bgenerated\b.*\bas identity\b|\b(big|small)?serial\b/.test(action)) {
      faults.push(`${name}: IDENTITY only in CREATE TABLE; ids are uuid`)
    }
  }
  if (addsColumn.length > 0 && addsColumn.length < actions.length) {
    faults.push(`${name}: ADD COLUMN and other changes in separate statements`)
  }
  if (/\balter (column )?tenant_id (set data )?type\b/.test(rest))
    faults.push(`${name}: the type of tenant_id never changes`)
  for (const action of actions.filter(item => item.startsWith('add '))) {
    if (!/^add (constraint \w+ )?(primary key|unique|foreign key|exclude)/.test(action)) continue
    faults.push(...constraintFaults(name, action.replace(/^add /, ''), scopes))
  }
  return faults
}

function indexFaults(statement: string, scopes: TableScopes): string[] {
  const index = /^create unique index .*?\bon (?:only )?([\w.]+)(?: using \w+)? ?(\(.*)$/.exec(statement)
  const name = index?.[1] ?? ''
  if (!index || scopes[name] !== 'tenant') return []
  return hasKey(name, sameLevel(index[2]?.slice(1) ?? '', 0))
    ? []
    : [`${name}: a unique index of a tenant table contains ${keyOf(name)}`]
}

function createdTable(statement: string): Table[] {
  const match = /^create (?:unlogged )?table (?:if not exists )?([\w.]+) ?\(/.exec(statement)
  if (!match) return []
  return [{ name: match[1] ?? '', items: listItems(sameLevel(statement, match[0].length)) }]
}

function tableFaults({ name, items }: Table, statements: string[], scopes: TableScopes): string[] {
  const scope = scopes[name]
  if (scope === undefined)
    return [`${name}: its scope is not declared; add it to the module's tables.ts as tenant, global or local`]
  const faults: string[] = []
  for (const item of items) faults.push(...constraintFaults(name, item, scopes), ...inlineFaults(name, item, scopes))
  if (scope !== 'tenant') return faults
  const key = keyOf(name)
  if (!items.some(item => new RegExp(`^${key} uuid (not null|primary key)`).test(item))) {
    faults.push(`${name}: a tenant table has "${key} uuid not null"`)
  }
  const primary = items.find(item => /\bprimary key\b/.test(item))
  if (!primary || !new RegExp(`^${key} uuid.*primary key|primary key ?\\( ?${key}\\b`).test(primary)) {
    faults.push(`${name}: the primary key of a tenant table starts with ${key}`)
  }
  const wanted = {
    'ENABLE ROW LEVEL SECURITY': `^alter table ${name} enable row level security$`,
    'FORCE ROW LEVEL SECURITY': `^alter table ${name} force row level security$`,
    'a policy USING and WITH CHECK the tenant of the transaction':
      `^create policy \\w+ on ${name} using \\(${key} = nullif\\(current_setting\\('app[.]tenant', true\\), ''\\)::uuid\\) ` +
      `with check \\(${key} = nullif\\(current_setting\\('app[.]tenant', true\\), ''\\)::uuid\\)$`,
  }
  for (const [what, pattern] of Object.entries(wanted)) {
    if (!statements.some(statement => new RegExp(pattern).test(statement)))
      faults.push(`${name}: lacks ${what} in the same migration`)
  }
  return faults
}

/** Faults of a table constraint: a key without the tenant, a foreign key that leaves the tenant. */
function constraintFaults(name: string, item: string, scopes: TableScopes): string[] {
  const faults: string[] = []
  const keys = /^(?:constraint \w+ )?(primary key|unique|exclude)\b[^(]*\(/.exec(item)
  if (keys && scopes[name] === 'tenant' && !hasKey(name, sameLevel(item, keys[0].length))) {
    faults.push(`${name}: "${keys[1]}" of a tenant table contains ${keyOf(name)}`)
  }
  const foreign = /^(?:constraint \w+ )?foreign key ?\(([^)]*)\) ?references ([\w.]+)/.exec(item)
  if (foreign) faults.push(...referenceFaults(name, foreign[1] ?? '', foreign[2] ?? '', scopes))
  return faults
}

/** Faults of constraints written beside a column. */
function inlineFaults(name: string, item: string, scopes: TableScopes): string[] {
  if (/^(constraint|primary key|unique|foreign key|check|exclude|like)\b/.test(item)) return []
  const column = item.split(' ')[0] ?? ''
  const faults: string[] = []
  if (scopes[name] === 'tenant' && /\bunique\b/.test(item) && column !== keyOf(name)) {
    faults.push(`${name}: "unique" of a tenant table contains ${keyOf(name)}`)
  }
  const reference = /\breferences ([\w.]+)/.exec(item)
  if (reference) faults.push(...referenceFaults(name, column, reference[1] ?? '', scopes))
  return faults
}

function referenceFaults(name: string, columns: string, target: string, scopes: TableScopes): string[] {
  const from = scopes[name]
  const to = scopes[target]
  if (from === 'tenant' && to !== 'tenant') {
    return [`${name}: a tenant table has no foreign key to ${target} (${to ?? 'undeclared'}); check in the command`]
  }
  if (from === 'tenant' && !/\btenant_id\b/.test(columns))
    return [`${name}: a foreign key to ${target} carries tenant_id`]
  if (from !== 'tenant' && to === 'tenant')
    return [`${name}: a ${from} table has no foreign key to tenant table ${target}`]
  if (from === 'local' && to === 'global')
    return [`${name}: a local table has no foreign key to global table ${target}`]
  return []
}

/** The tenant table itself is distributed by its id. */
function keyOf(name: string): string {
  return name === 'tenant' ? 'id' : 'tenant_id'
}

function hasKey(name: string, columns: string): boolean {
  return new RegExp(`\\b${keyOf(name)}\\b`).test(columns)
}
