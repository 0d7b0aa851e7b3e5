import type { z } from 'zod'
import { type Attached, admitChange, admitNew, noteChange } from '../../customers/accounts/commands/attached.ts'
import { checkOwner } from '../../customers/accounts/commands/handover.ts'
import { createRecords, type RecordValues, updateRecords } from '../../customers/accounts/commands/records.ts'
import type { Patch } from '../../customers/accounts/commands/values.ts'
import type { Context } from '../../platform/context/context.ts'
import { reviewShape } from './catalog.ts'
import type { createReview as create, updateReview as update } from './contract.ts'

const review: Attached = { shape: reviewShape, kind: 'business_review', permission: 'customers.write' }

/** Plans a business review or writes one down. */
export async function createReview(
  ctx: Context,
  customerId: string,
  input: z.output<typeof create.body>,
): Promise<string> {
  const values = { ...input, customerId }
  const id = await admitNew(ctx, review, values)
  await checkActions(ctx, input)
  await createRecords(ctx, reviewShape, [{ id, values }])
  noteChange(ctx, review, 'created', id, { customerId, details: { type: input.type } })
  return id
}

/** Changes a business review. @throws AppError `not_found`, `invalid_input` */
export async function updateReview(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  const known = await admitChange(ctx, review, id, input)
  await checkActions(ctx, input)
  await updateRecords(ctx, reviewShape, [{ id, values: input }])
  noteChange(ctx, review, 'changed', id, { ...known, details: { fields: Object.keys(input) } })
}

async function checkActions(ctx: Context, input: z.output<typeof update.body>): Promise<void> {
  for (const [place, item] of (input.actionItems ?? []).entries()) {
    await checkOwner(ctx, item.ownerId, `body.actionItems.${place}.ownerId`)
  }
}

/** Stores reviews that were written elsewhere, as one statement. */
export async function saveReviews(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  await createRecords(ctx, reviewShape, rows)
}
