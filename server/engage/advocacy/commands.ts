import { sql } from 'kysely'
import type { z } from 'zod'
import { type Attached, admitChange, admitNew, noteChange } from '../../customers/accounts/commands/attached.ts'
import { createRecords, type RecordValues, updateRecords } from '../../customers/accounts/commands/records.ts'
import type { Patch } from '../../customers/accounts/commands/values.ts'
import { today } from '../../customers/accounts/queries/today.ts'
import type { Context } from '../../platform/context/context.ts'
import { activityShape } from './catalog.ts'
import type { createActivity as create, updateActivity as update } from './contract.ts'

const activity: Attached = { shape: activityShape, kind: 'advocacy_activity', permission: 'customers.write' }

/** Enters an advocacy activity. */
export async function createActivity(
  ctx: Context,
  customerId: string,
  input: z.output<typeof create.body>,
): Promise<string> {
  const values = { ...input, customerId }
  const id = await admitNew(ctx, activity, values)
  await createRecords(ctx, activityShape, [{ id, values }])
  await noteCompletion(ctx, id)
  noteChange(ctx, activity, 'created', id, { customerId, details: { type: input.type }, title: input.title })
  return id
}

/** Changes an advocacy activity; completing it notes the day. @throws AppError `not_found`, `invalid_input` */
export async function updateActivity(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  const known = await admitChange(ctx, activity, id, input)
  await updateRecords(ctx, activityShape, [{ id, values: input }])
  await noteCompletion(ctx, id)
  noteChange(ctx, activity, 'changed', id, {
    ...known,
    details: { fields: Object.keys(input), status: input.status ?? null },
  })
}

async function noteCompletion(ctx: Context, id: string): Promise<void> {
  await sql`
    update advocacy_activity set completed_on = ${today(ctx)}
    where tenant_id = ${ctx.tenantId} and id = ${id} and status = 'COMPLETED' and completed_on is null`.execute(ctx.tx)
}

/** Stores activities that were written elsewhere, as one statement. */
export async function saveActivities(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  await createRecords(ctx, activityShape, rows)
}
