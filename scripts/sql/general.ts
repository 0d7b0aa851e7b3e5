import type { TableScopes } from '../../server/platform/db/tables.ts'
import { sameLevel } from './text.ts'

/** Functions that are IMMUTABLE and useful in DO UPDATE; `coalesce` and the like are syntax. */
const immutable = new Set([
  ...['coalesce', 'greatest', 'least', 'nullif', 'case', 'and', 'or', 'not', 'in', 'any', 'all', 'row', 'values'],
  ...['lower', 'upper', 'trim', 'abs', 'round', 'floor', 'ceil', 'length', 'jsonb_set', 'array_append', 'array_remove'],
])
const volatile = /\b(random|clock_timestamp|gen_random_uuid|uuidv4|uuidv7|nextval)\(/

/** Faults of any statement, wherever it stands. @param statement normalised */
export function generalFaults(statement: string, scopes: TableScopes): string[] {
  const faults: string[] = []
  if (/\bset_config\(/.test(statement))
    faults.push('no set_config(): it does not reach the workers of a cluster; SET LOCAL')
  if (/\bmerge into\b/.test(statement))
    faults.push('no MERGE: refused under row-level security on a cluster; INSERT ... ON CONFLICT')
  for (const match of statement.matchAll(/\binsert into ([\w.]+)/g)) {
    const name = match[1] ?? ''
    const insert = sameLevel(statement, match.index)
    // Local tables lie on the coordinator: PostgreSQL's own rules hold for them.
    if (scopes[name] !== 'local') faults.push(...doUpdateFaults(insert.split(/\bdo update set /)[1] ?? ''))
    if (scopes[name] === 'tenant') faults.push(...insertFaults(name, insert))
  }
  for (const match of statement.matchAll(/(?:^|\(|; ?)\s*(?:update|delete from) (?:only )?([\w.]+)/g)) {
    const name = match[1] ?? ''
    if (scopes[name] === undefined || scopes[name] === 'local') continue
    const start = match.index + (match[0].startsWith('(') ? 1 : 0)
    if (volatile.test(sameLevel(statement, start))) {
      faults.push(`${name}: UPDATE and DELETE call no volatile function; pass the value as a parameter`)
    }
  }
  return faults
}

/** Faults of what stands behind DO UPDATE SET. */
export function doUpdateFaults(clause: string): string[] {
  const set = clause.split(/\breturning\b/)[0] ?? ''
  const called = [...set.matchAll(/([a-z_][\w.]*) ?\(/g)]
    .map(match => match[1] ?? '')
    .filter(name => !immutable.has(name))
  const faults = called.map(
    name =>
      `DO UPDATE calls only immutable functions, ${name}() is not known as one; compute it in VALUES and use excluded`,
  )
  if (/\b(current_timestamp|current_date|localtimestamp)\b/.test(set)) {
    faults.push('DO UPDATE computes nothing that depends on the clock; put it in VALUES and use excluded')
  }
  return faults
}

function insertFaults(name: string, insert: string): string[] {
  const faults: string[] = []
  const head = insert.replace(/^insert into [\w.]+( as \w+)? ?(\([^)]*\) ?)?/, '')
  if (/^(select|with)\b/.test(head) && !/\bon conflict\b|\breturning\b/.test(insert)) {
    faults.push(
      `${name}: INSERT ... SELECT has ON CONFLICT or RETURNING; else a cluster takes the COPY path, which row-level security refuses`,
    )
  }
  if (/^values\b/.test(head) && /\(\s*select\b/.test(head.split(/\bon conflict\b/)[0] ?? '')) {
    faults.push(`${name}: no sub-select in VALUES; INSERT ... SELECT`)
  }
  return faults
}
