import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../../platform/context/context.ts'
import type { Counts, Mapping, Outcome } from '../contract/shapes.ts'
import { type Changes, changesOf } from '../difference.ts'
import { type Interpreted, interpret, missingOf, type Plan } from '../interpretation.ts'
import { storedValues } from '../queries/stored.ts'
import { type Problem, problemOf, type RawRow } from '../row.ts'
import type { SeenKeys } from '../seen-keys.ts'
import type { Values, Write } from '../write.ts'
import { type RecordKind, recordKinds } from './records.ts'

/** What a chunk is done with. */
export interface ChunkWish {
  importId: string
  run: number
  plan: Plan
  duplicates: Mapping['duplicates']
  /** Nothing is written but the report; keys that this run has met are told apart by these. */
  seen: SeenKeys | undefined
}

/** What became, or would become, of a row. */
export interface RowResult {
  row: number
  outcome: Outcome
  recordId: string | null
  problems: Problem[]
  changes: Changes | null
}

interface Decided {
  entry: Interpreted
  result: RowResult
}

/**
 * Works off some rows of a file in the caller's transaction: looks up, decides, makes and changes records.
 * @returns what became of each row, in their order
 */
export async function workOff(
  ctx: Context,
  wish: ChunkWish,
  rows: RawRow[],
): Promise<{ results: RowResult[]; entries: Interpreted[] }> {
  const { plan } = wish
  const kind = recordKinds[plan.kind as keyof typeof recordKinds]
  const entries = rows.map(raw => interpret(plan, raw))
  const decided = entries.map(
    (entry): Decided => ({
      entry,
      result: { row: entry.row, outcome: 'failed', recordId: null, problems: entry.problems, changes: null },
    }),
  )
  await kind.resolve(
    ctx,
    plan,
    entries.filter(({ usable }) => usable),
  )
  for (const { entry } of decided) {
    if (!entry.usable || kind.identity(entry) !== undefined) continue
    entry.problems.push(problemOf(null, 'no_key'))
    entry.usable = false
  }
  const usable = decided.filter(({ entry }) => entry.usable)
  const matches = await kind.match(
    ctx,
    usable.map(({ entry }) => entry),
  )
  const { creates, updates } = sortOut(wish, kind, usable, matches)
  const before = await storedValues(ctx, kind.table, kind.fields, [...updates.keys()])
  const patches: Write[] = []
  for (const [id, group] of updates) {
    const changes = settle(plan, before.get(id) ?? {}, group)
    if (changes)
      patches.push({
        id,
        values: Object.fromEntries(Object.entries(changes).map(([name, [, after]]) => [name, after])),
      })
  }
  if (!wish.seen) {
    const by = { origin: 'import', importId: wish.importId } as const
    if (creates.length > 0) await kind.create(ctx, creates, by)
    if (patches.length > 0) await kind.update(ctx, patches, by, before)
  }
  return { results: decided.map(({ result }) => result), entries }
}

/** Decides what each row makes: a record, a change to one, or nothing. */
function sortOut(
  wish: ChunkWish,
  kind: RecordKind,
  usable: Decided[],
  matches: (string | undefined)[],
): { creates: Write[]; updates: Map<string, Decided[]> } {
  const creates: Write[] = []
  const updates = new Map<string, Decided[]>()
  const made = new Map<string, Write>()
  for (const [index, decided] of usable.entries()) {
    const { entry, result } = decided
    const key = kind.identity(entry)!
    const id = matches[index]
    const earlier = made.get(key)
    const isKnown = id !== undefined || earlier !== undefined || (wish.seen?.has(key) ?? false)
    if (isKnown && (wish.duplicates === 'skip' || (wish.duplicates === 'create' && kind.isUnique(entry)))) {
      const isSkip = wish.duplicates === 'skip'
      result.outcome = isSkip ? 'skipped' : 'failed'
      result.recordId = id ?? earlier?.id ?? null
      result.problems.push(problemOf(null, id === undefined ? 'duplicate_in_file' : 'exists'))
    } else if (isKnown && wish.duplicates === 'update') {
      result.recordId = id ?? earlier?.id ?? null
      result.outcome = 'updated'
      if (id !== undefined) updates.set(id, [...(updates.get(id) ?? []), decided])
      else if (earlier) Object.assign(earlier.values, writable(kind, entry))
    } else {
      const problems = [...missingOf(wish.plan, entry), ...contradictions(entry)]
      if (problems.length > 0) {
        result.problems.push(...problems)
        continue
      }
      const write = { id: uuidv7(), values: writable(kind, entry) }
      creates.push(write)
      made.set(key, write)
      wish.seen?.add(key)
      result.outcome = 'created'
      result.recordId = wish.seen ? null : write.id
    }
  }
  return { creates, updates }
}

/** What the rows of one record change in it together; each row is told whether it does. @returns undefined for nothing */
function settle(plan: Plan, known: Values, group: Decided[]): Changes | undefined {
  const kind = recordKinds[plan.kind as keyof typeof recordKinds]
  const said: Values = {}
  let any = false
  for (const { entry, result } of group) {
    const values = writable(kind, entry)
    // What is counted back from today is right when a record is made, and would change every day from then on.
    for (const name of plan.onlyNew) delete values[name]
    Object.assign(said, values)
    const changes = changesOf(known, said)
    const last = entry === group.at(-1)!.entry
    result.outcome = Object.keys(changes).length > 0 ? 'updated' : 'unchanged'
    if (last && result.outcome === 'updated') {
      result.changes = changes
      any = true
    }
  }
  return any ? (group.at(-1)!.result.changes ?? undefined) : undefined
}

/** What a row says of the record itself, without the words that only name others. */
function writable(kind: RecordKind, { values, attributes }: Interpreted): Values {
  const own: Values = {}
  for (const [name, value] of Object.entries(values)) {
    if (name in kind.fields || ['domains', 'tags', 'mrr'].includes(name)) own[name] = value
  }
  for (const [key, value] of Object.entries(attributes)) own[`attribute:${key}`] = value
  return own
}

/** What a table would refuse as a whole. */
function contradictions({ values }: Interpreted): Problem[] {
  const problems: Problem[] = []
  const { startsOn, endsOn, kind, score } = values
  if (typeof startsOn === 'string' && typeof endsOn === 'string' && endsOn < startsOn) {
    problems.push(problemOf(null, 'end_before_start', `${startsOn} – ${endsOn}`))
  }
  if (typeof kind === 'string' && typeof score === 'number') {
    const [least, most] = { NPS: [0, 10], CSAT: [1, 5], CES: [1, 7] }[kind] ?? [0, 10]
    if (score < least! || score > most!)
      problems.push(problemOf(null, 'out_of_range', `${score}`, `${kind} ${least} – ${most}`))
  }
  return problems
}

/** Writes the report of some rows. */
export async function writeResults(ctx: Context, importId: string, run: number, results: RowResult[]): Promise<void> {
  if (results.length === 0) return
  const lines = results.map(({ row, outcome, recordId, problems, changes }) => ({
    row,
    outcome,
    id: recordId,
    problems: problems.length > 0 ? problems.slice(0, 50) : undefined,
    changes: changes ?? undefined,
  }))
  await sql`
    insert into import_row (tenant_id, import_id, run, row, outcome, record_id, problems, changes)
    select ${ctx.tenantId}, ${importId}::uuid, ${run}::int, line.row, line.outcome, line.id, line.problems, line.changes
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
      as line (row bigint, outcome text, id uuid, problems jsonb, changes jsonb)
    on conflict do nothing`.execute(ctx.tx)
}

/** Counts with what became of some more rows. */
export function countedWith(counts: Counts, results: RowResult[]): Counts {
  const sum = { ...counts }
  for (const { outcome } of results) sum[outcome]++
  return sum
}
