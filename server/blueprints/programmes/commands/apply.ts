import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { locks } from '../../../platform/db/locks.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { inTrial } from '../../../platform/tenancy/trial.ts'
import { type Change, changesOf, type Managed, placeOf } from '../changes.ts'
import type { BlastRadius, BlueprintPlan, BlueprintWish } from '../contract/blueprints.ts'
import { canonicalJson } from '../difference.ts'
import { noteBefore, radiusSince } from '../queries/radius.ts'
import { shadowedCards, warningsOf } from '../queries/warnings.ts'
import { carryOut } from './carry-out.ts'
import { type Current, currentOf, managedOf } from './current.ts'
import { type ReadTarget, readTarget } from './target.ts'

interface Prepared {
  target: ReadTarget
  current: Current
  managed: Managed[]
  changes: Change[]
  unchanged: number
  fingerprint: string
}

async function prepare(ctx: Context, wish: BlueprintWish): Promise<Prepared> {
  const managed = await managedOf(ctx)
  const current = await currentOf(ctx)
  const target = await readTarget(ctx, wish, current.items, managed)
  const isFaulty = target.faults.length > 0
  const { changes, unchanged } = isFaulty ? { changes: [], unchanged: 0 } : changesOf(target, current.items, managed)
  const told = changes.map(({ section, key, action, before, after }) => ({ section, key, action, before, after }))
  const fingerprint = createHash('sha256')
    .update(canonicalJson([target.blueprint, ...told]))
    .digest('base64url')
  return { target, current, managed, changes, unchanged, fingerprint }
}

/**
 * What applying would do, field by field, and what that does to the company's customers: it is done and taken back
 * within this transaction, so that the count is that of the real thing.
 * @throws AppError `not_found`, `conflict`
 */
export async function planBlueprint(ctx: Context, wish: BlueprintWish): Promise<BlueprintPlan> {
  requirePermission(ctx, 'blueprints.manage')
  const { target, current, changes, unchanged, fingerprint } = await prepare(ctx, wish)
  const problems = new Map<string, Words>()
  let radius: BlastRadius | null = null
  const warnings = await warningsOf(
    ctx,
    changes.flatMap(({ after }) => (after === null ? [] : [after])),
  )
  if (changes.length > 0) {
    const before = await noteBefore(ctx)
    radius = await inTrial(ctx, async trial => {
      await carryOut(trial, changes, current, problems)
      warnings.push(...(await shadowedCards(trial, changes)))
      return radiusSince(trial, before)
    })
  }
  return {
    fingerprint,
    blueprint: target.faults.length > 0 ? null : { key: target.blueprint, name: target.name },
    faults: target.faults,
    changes: changes.map(change => shown(change, problems.get(placeOf(change.section, change.key)) ?? null)),
    unchanged,
    warnings,
    radius: problems.size > 0 ? null : radius,
  }
}

function shown({ before: _, after: __, ...change }: Change, problem: Words | null) {
  return { ...change, problem }
}

/**
 * Applies what was planned, in one transaction: killed at any point, either all of it is there or nothing.
 * @param fingerprint of the plan that somebody has seen; null where nobody looks first
 * @returns id of the application
 * @throws AppError `conflict` where the company has changed since, or a change cannot be done; `invalid_input` for files
 *   with faults
 */
export async function applyBlueprint(ctx: Context, wish: BlueprintWish, fingerprint: string | null): Promise<string> {
  requirePermission(ctx, 'blueprints.manage')
  await sql`select pg_advisory_xact_lock(${locks.blueprint}, hashtext(${ctx.tenantId}))`.execute(ctx.tx)
  const { target, current, managed, changes, fingerprint: now } = await prepare(ctx, wish)
  if (target.faults.length > 0) {
    throw new AppError(
      'invalid_input',
      { ja: 'ファイルに誤りがあります。', en: 'There are faults in the files.' },
      {
        faults: target.faults.map(({ file, line, column, message }) => ({
          path: `${file}:${line}:${column}`,
          message,
        })),
      },
    )
  }
  if (fingerprint !== null && now !== fingerprint) {
    throw new AppError('conflict', {
      ja: '差分を確認した後に、設定かブループリントが変更されました。もう一度差分を確認してください。',
      en: 'The settings or the blueprint have changed since this plan was made. Plan again.',
    })
  }
  const before = await noteBefore(ctx)
  await carryOut(ctx, changes, current)
  const radius = await radiusSince(ctx, before)
  const managedBefore = managed.filter(each =>
    changes.some(({ section, key }) => section === each.section && key === each.key),
  )
  await noteManaged(ctx, target, changes)
  const id = await noteApplication(ctx, target, changes, managedBefore, radius)
  const counts = countsOf(changes)
  const action = target.rollsBack ? 'blueprint.rolled_back' : 'blueprint.applied'
  record(ctx, { action, subject: { kind: 'blueprint', id }, details: { blueprint: target.blueprint, ...counts } })
  announce(ctx, {
    type: action,
    subject: { kind: 'blueprint', id },
    payload: { blueprint: target.blueprint, ...counts },
  })
  return id
}

function countsOf(changes: readonly Change[]) {
  const of = (wanted: Change['action']) => changes.filter(({ action }) => action === wanted).length
  return { created: of('create'), changed: of('change'), deleted: of('delete') }
}

/** Notes what is the blueprint's own now: what it touched, and what it no longer names. */
async function noteManaged(ctx: Context, target: ReadTarget, changes: readonly Change[]): Promise<void> {
  const wanted = [...target.wanted].flatMap(([section, items]) => [...items.keys()].map(key => placeOf(section, key)))
  const touched = target.rollsBack
    ? [...wanted, ...target.removed]
    : [...changes.map(({ section, key }) => placeOf(section, key)), ...target.removed]
  await sql`
    delete from blueprint_item where tenant_id = ${ctx.tenantId} and section || '/' || key = any(${touched}::text[])`.execute(
    ctx.tx,
  )
  const own: Managed[] =
    target.managedBefore ??
    changes.flatMap(({ section, key, after }) =>
      after === null ? [] : [{ section, key, blueprint: target.blueprint, item: after }],
    )
  await sql`
    insert into blueprint_item (tenant_id, section, key, blueprint, item, applied_at)
    select ${ctx.tenantId}::uuid, line.section, line.key, line.blueprint, line.item, ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(own)}::jsonb) as line (section text, key text, blueprint text, item jsonb)
    on conflict (tenant_id, section, key) do update set blueprint = excluded.blueprint, item = excluded.item,
      applied_at = excluded.applied_at`.execute(ctx.tx)
}

async function noteApplication(
  ctx: Context,
  target: ReadTarget,
  changes: readonly Change[],
  managedBefore: readonly Managed[],
  radius: BlastRadius,
): Promise<string> {
  const id = uuidv7()
  await sql`
    insert into blueprint_application (tenant_id, id, blueprint, name_ja, name_en, kind, rolls_back, at, applied_by, changes,
      managed_before, radius)
    values (${ctx.tenantId}, ${id}, ${target.blueprint}, ${target.name.ja}, ${target.name.en},
      ${target.rollsBack ? 'rollback' : 'apply'}, ${target.rollsBack ?? null}::uuid, ${ctx.now}, ${ctx.actor.id ?? null}::uuid,
      ${JSON.stringify(changes)}::jsonb,
      ${JSON.stringify(managedBefore)}::jsonb, ${JSON.stringify(radius)}::jsonb)`.execute(ctx.tx)
  return id
}
