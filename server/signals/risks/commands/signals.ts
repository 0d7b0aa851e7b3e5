import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { conditionNeeds } from '../../../catalog/conditions/needs.ts'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import { conditionFacts } from '../../../catalog/conditions/queries/vocabulary.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField } from '../../../platform/errors/app-error.ts'
import { segmentsOf } from '../../segments/queries/segments.ts'
import { readyMadeSignals } from '../catalog.ts'
import type { NewSignal, updateRiskSignal as update } from '../contract.ts'
import { signalFieldIds } from '../queries/fields.ts'
import { lockSignal, type StoredSignal, signalsOf, signalUses } from '../queries/signals.ts'
import { endSignal, evaluateNow } from './evaluate.ts'

const most = 200

/** Makes a signal; an enabled one is looked for at once. @returns its id */
export async function createSignal(ctx: Context, input: NewSignal): Promise<string> {
  requirePermission(ctx, 'health.manage')
  const id = await writeSignal(ctx, await signalsOf(ctx), input)
  await evaluateNow(ctx, [await lockSignal(ctx, id)])
  return id
}

/** Adds the ready-made signals whose keys the company does not have. @returns how many */
export async function addReadyMade(ctx: Context): Promise<number> {
  requirePermission(ctx, 'health.manage')
  const known = await signalsOf(ctx)
  const own = new Set(known.map(({ key }) => key))
  const missing = readyMadeSignals.filter(({ key }) => !own.has(key))
  for (const item of missing) await writeSignal(ctx, known, item)
  await evaluateNow(
    ctx,
    (await signalsOf(ctx)).filter(({ key }) => !own.has(key)),
  )
  return missing.length
}

async function writeSignal(ctx: Context, known: readonly StoredSignal[], input: NewSignal): Promise<string> {
  if (known.length >= most) {
    throw new AppError('conflict', {
      ja: `シグナルは${most}個までです。使っていないものを削除してください。`,
      en: `A company has at most ${most} signals. Delete those that nobody uses.`,
    })
  }
  const id = uuidv7()
  const key = input.key ?? `signal-${id.slice(-12)}`
  if (known.some(signal => signal.key === key)) {
    throw invalidField('body.key', { ja: `キー「${key}」は使われています。`, en: `The key "${key}" is taken.` })
  }
  const { facts, events } = await admit(ctx, input.condition)
  await sql`
    insert into risk_signal (tenant_id, id, key, name_ja, name_en, level, condition, advice_ja, advice_en, state, facts, events,
      created_by, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${key}, ${input.nameJa}, ${input.nameEn}, ${input.level}, ${JSON.stringify(input.condition)}::jsonb,
      ${input.adviceJa}, ${input.adviceEn}, ${input.state}, ${facts}::text[], ${events}::text[],
      ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now}, ${ctx.now})`.execute(ctx.tx)
  record(ctx, {
    action: 'risk_signal.created',
    subject: { kind: 'risk_signal', id },
    details: { key, level: input.level },
  })
  announce(ctx, { type: 'risk_signal.changed', subject: { kind: 'risk_signal', id }, payload: { key } })
  return id
}

/** Changes a signal. A new condition, or enabling it, looks anew who shows it; pausing it ends it everywhere. */
export async function updateSignal(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'health.manage')
  const known = await lockSignal(ctx, id)
  const { facts, events } = input.condition ? await admit(ctx, input.condition) : known
  await sql`
    update risk_signal set name_ja = ${input.nameJa ?? known.name_ja}, name_en = ${input.nameEn ?? known.name_en},
      level = ${input.level ?? known.level}, condition = ${JSON.stringify(input.condition ?? known.condition)}::jsonb,
      advice_ja = ${input.adviceJa ?? known.advice_ja}, advice_en = ${input.adviceEn ?? known.advice_en},
      state = ${input.state ?? known.state}, facts = ${facts}::text[], events = ${events}::text[], updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, {
    action: 'risk_signal.changed',
    subject: { kind: 'risk_signal', id },
    details: { key: known.key, fields: Object.keys(input) },
  })
  announce(ctx, { type: 'risk_signal.changed', subject: { kind: 'risk_signal', id }, payload: { key: known.key } })
  const signal = await lockSignal(ctx, id)
  if (signal.state === 'paused') await endSignal(ctx, id)
  else if (input.condition || input.state) await evaluateNow(ctx, [signal])
}

/** @throws AppError `conflict` that names what uses it */
export async function deleteSignal(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'health.manage')
  const { key } = await lockSignal(ctx, id)
  const { rows } = await sql<{ name: string }>`
    select u.name from (${signalUses(ctx, key)}) u limit 5`.execute(ctx.tx)
  if (rows.length > 0) {
    const names = rows.map(({ name }) => name).join(', ')
    throw new AppError('conflict', {
      ja: `このシグナルは使われています（${names}）。先にそちらを変更してください。`,
      en: `This signal is in use (${names}). Change that first.`,
    })
  }
  await sql`delete from risk_signal where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'risk_signal.deleted', subject: { kind: 'risk_signal', id }, details: { key } })
}

/** Checks that a condition can be compiled and does not name signals, by itself or by a segment. */
async function admit(ctx: Context, condition: Condition): Promise<{ facts: string[]; events: string[] }> {
  await compileCondition(ctx, 'customer', condition)
  if (await namesSignals(ctx, condition)) {
    throw invalidField('body.condition', {
      ja: 'シグナルの条件では、シグナルや、シグナルを条件に含むセグメントを参照できません。',
      en: 'The condition of a signal cannot name signals, nor a segment whose condition names them.',
    })
  }
  const { facts } = await conditionFacts(ctx, 'customer', condition)
  const events = conditionNeeds(condition, 'customer').events.filter(name => name !== '*')
  // Whether a customer left decides for every signal.
  return { facts: [...new Set([...facts, 'customer'])], events }
}

async function namesSignals(ctx: Context, condition: Condition): Promise<boolean> {
  const segments = new Map((await segmentsOf(ctx)).map(segment => [segment.id, segment.condition]))
  const visited = new Set<string>()
  const waiting: Condition[] = [condition]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const text = JSON.stringify(next)
    if (signalFieldIds.some(id => text.includes(`"field":"${id}"`))) return true
    for (const id of conditionNeeds(next, 'customer').segments.filter(each => !visited.has(each))) {
      visited.add(id)
      const inner = segments.get(id)
      if (inner) waiting.push(inner)
    }
  }
  return false
}
