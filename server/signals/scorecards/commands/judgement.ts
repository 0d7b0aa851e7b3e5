import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { lockCustomer } from '../../../customers/accounts/commands/lock.ts'
import { type Context, record } from '../../../platform/context/context.ts'
import { invalidField, notFound } from '../../../platform/errors/app-error.ts'
import { calendarOf } from '../../metrics/queries/as-of.ts'
import { recalculateHealth } from './recalculate.ts'

interface Override {
  score: number
  reason: string
  expiresOn: string
}

/** Sets a score against the scorecard until a day; a former one ends. @returns its id */
export async function overrideHealth(
  ctx: Context,
  customerId: string,
  { score, reason, expiresOn }: Override,
): Promise<string> {
  await lockCustomer(ctx, customerId, 'customers.write')
  await checkExpiry(ctx, expiresOn)
  await endOverrides(ctx, customerId)
  const id = uuidv7()
  await sql`
    insert into health_override (tenant_id, id, customer_id, score, reason, set_by, set_at, expires_on)
    values (${ctx.tenantId}, ${id}, ${customerId}, ${score}, ${reason}, ${memberOf(ctx)}::uuid, ${ctx.now}, ${expiresOn}::date)`.execute(
    ctx.tx,
  )
  await recalculateHealth(ctx, [customerId])
  record(ctx, {
    action: 'health.overridden',
    subject: { kind: 'customer', id: customerId },
    details: { score, expiresOn },
  })
  return id
}

/** Gives the score back to the scorecard. @throws AppError `not_found` where none was set */
export async function endOverride(ctx: Context, customerId: string): Promise<void> {
  await lockCustomer(ctx, customerId, 'customers.write')
  if ((await endOverrides(ctx, customerId)) === 0) throw notFound()
  await recalculateHealth(ctx, [customerId])
  record(ctx, { action: 'health.override_ended', subject: { kind: 'customer', id: customerId } })
}

async function endOverrides(ctx: Context, customerId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update health_override set ended_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and customer_id = ${customerId} and ended_at is null`.execute(ctx.tx)
  return Number(numAffectedRows)
}

interface Measure {
  key: string
  value: number
  note: string | null
  expiresOn: string | null
}

/** Judges a factor by hand; the former judgement stays in the history. @returns its id */
export async function measureHealth(
  ctx: Context,
  customerId: string,
  { key, value, note, expiresOn }: Measure,
): Promise<string> {
  await lockCustomer(ctx, customerId, 'customers.write')
  if (expiresOn) await checkExpiry(ctx, expiresOn)
  const id = uuidv7()
  await sql`
    insert into manual_measure (tenant_id, id, customer_id, key, value, note, measured_by, measured_at, expires_on)
    values (${ctx.tenantId}, ${id}, ${customerId}, ${key}, ${value}, ${note}, ${memberOf(ctx)}::uuid, ${ctx.now}, ${expiresOn}::date)`.execute(
    ctx.tx,
  )
  await recalculateHealth(ctx, [customerId])
  record(ctx, { action: 'health.measured', subject: { kind: 'customer', id: customerId }, details: { key, value } })
  return id
}

function memberOf(ctx: Context): string | null {
  return ctx.actor.kind === 'member' ? ctx.actor.id : null
}

async function checkExpiry(ctx: Context, day: string): Promise<void> {
  const { today } = await calendarOf(ctx)
  if (day >= today) return
  throw invalidField('body.expiresOn', { ja: '今日以降の日付を指定してください。', en: 'Name today or a later day.' })
}
