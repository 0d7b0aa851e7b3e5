import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { type Attached, admitChange, admitNew, noteChange } from '../../customers/accounts/commands/attached.ts'
import { noteRecords } from '../../customers/accounts/commands/facts.ts'
import { checkOwner } from '../../customers/accounts/commands/handover.ts'
import { createRecords, type RecordValues, updateRecords } from '../../customers/accounts/commands/records.ts'
import type { Patch } from '../../customers/accounts/commands/values.ts'
import { today } from '../../customers/accounts/queries/today.ts'
import type { Context } from '../../platform/context/context.ts'
import { invalidField, notFound } from '../../platform/errors/app-error.ts'
import { milestoneShape, planShape } from './catalog.ts'
import type {
  addMilestone as add,
  updateMilestone as change,
  createPlan as create,
  updatePlan as update,
} from './contract.ts'

const plan: Attached = { shape: planShape, kind: 'success_plan', permission: 'customers.write' }

/** Makes a success plan with its milestones. */
export async function createPlan(
  ctx: Context,
  customerId: string,
  input: z.output<typeof create.body>,
): Promise<string> {
  const { milestones = [], ...fields } = input
  const values: RecordValues = { ...fields, customerId }
  const id = await admitNew(ctx, plan, values)
  await checkPlan(ctx, customerId, input)
  for (const [place, milestone] of milestones.entries()) {
    await checkOwner(ctx, milestone.ownerId, `body.milestones.${place}.ownerId`)
  }
  await createRecords(ctx, planShape, [{ id, values }])
  await createRecords(
    ctx,
    milestoneShape,
    milestones.map(milestone => ({ id: uuidv7(), values: { ...milestone, planId: id } })),
  )
  noteChange(ctx, plan, 'created', id, {
    customerId,
    details: { type: input.type, milestones: milestones.length },
    title: input.name,
  })
  return id
}

/** Changes a success plan. @throws AppError `not_found`, `invalid_input` */
export async function updatePlan(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  const known = await admitChange(ctx, plan, id, input)
  await checkPlan(ctx, known.customerId!, input)
  await updateRecords(ctx, planShape, [{ id, values: input }])
  noteChange(ctx, plan, 'changed', id, { ...known, details: { fields: Object.keys(input) } })
}

/** Adds a milestone. @returns its id */
export async function addMilestone(ctx: Context, planId: string, input: z.output<typeof add.body>): Promise<string> {
  const known = await admitChange(ctx, plan, planId, {})
  await checkOwner(ctx, input.ownerId, 'body.ownerId')
  const id = uuidv7()
  await createRecords(ctx, milestoneShape, [{ id, values: { ...input, planId } }])
  await noteCompletion(ctx, id)
  await noteRecords(ctx, planShape, [planId])
  noteChange(ctx, plan, 'changed', planId, { ...known, details: { milestone: id, added: true } })
  return id
}

/** Changes a milestone; completing it notes the day. @throws AppError `not_found`, also where it is of another plan */
export async function updateMilestone(
  ctx: Context,
  planId: string,
  id: string,
  input: z.output<typeof change.body>,
): Promise<void> {
  const known = await admitChange(ctx, plan, planId, {})
  const { rows } = await sql`
    select 1 from success_plan_milestone m
    where m.tenant_id = ${ctx.tenantId} and m.id = ${id} and m.plan_id = ${planId} for update`.execute(ctx.tx)
  if (rows.length === 0) throw notFound()
  await checkOwner(ctx, input.ownerId, 'body.ownerId')
  await updateRecords(ctx, milestoneShape, [{ id, values: input }])
  await noteCompletion(ctx, id)
  await noteRecords(ctx, planShape, [planId])
  noteChange(ctx, plan, 'changed', planId, { ...known, details: { milestone: id, status: input.status ?? null } })
}

async function noteCompletion(ctx: Context, id: string): Promise<void> {
  await sql`
    update success_plan_milestone set completed_on = case when status = 'COMPLETED' then coalesce(completed_on, ${today(ctx)}) end
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
}

async function checkPlan(ctx: Context, customerId: string, input: z.output<typeof update.body>): Promise<void> {
  await checkOwner(ctx, input.ownerId, 'body.ownerId')
  if (input.startsOn && input.endsOn && input.endsOn < input.startsOn) {
    throw invalidField('body.endsOn', {
      ja: '終了日は開始日以降にしてください。',
      en: 'The end cannot lie before the start.',
    })
  }
  const contacts = [...new Set((input.stakeholders ?? []).map(({ contactId }) => contactId).filter(id => id !== null))]
  if (contacts.length === 0) return
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from contact k
    where k.tenant_id = ${ctx.tenantId} and k.customer_id = ${customerId} and k.id = any(${contacts}::uuid[])`.execute(
    ctx.tx,
  )
  if (rows[0]!.count === contacts.length) return
  throw invalidField('body.stakeholders', {
    ja: 'この顧客の関係者ではない人が含まれています。',
    en: 'Somebody in the stakeholder map is no contact of this customer.',
  })
}

/** Stores plans and milestones that were written elsewhere, as one statement each. */
export async function savePlans(
  ctx: Context,
  plans: Patch<RecordValues>[],
  milestones: Patch<RecordValues>[],
): Promise<void> {
  await createRecords(ctx, planShape, plans)
  await createRecords(ctx, milestoneShape, milestones)
}
