import { updateCustomers } from '../../../customers/accounts/commands/save.ts'
import type { CustomerValues } from '../../../customers/accounts/commands/values.ts'
import { addTags, removeTags } from '../../../customers/attributes/commands/tags.ts'
import type { ContactValues } from '../../../customers/contacts/commands/save.ts'
import { updateContacts } from '../../../customers/contacts/commands/save.ts'
import type { Context, JsonValue } from '../../../platform/context/context.ts'
import { assigneesFor } from '../../tasks/commands/assign.ts'
import type { Change } from '../contract/steps.ts'
import { settableValue } from '../settable.ts'
import { allBy, type Batch, type Outcome, type StepDefinition } from './definition.ts'

/** Sets fields, attributes, tags and stages of everybody in the same few statements. */
export const change: StepDefinition<'change'> = {
  async run(ctx, step, batch) {
    const { values, attributes } = valuesOf(ctx, batch, step.changes)
    const ids = [...new Set(batch.visitors.map(({ subjectId }) => subjectId))]
    const tags = step.changes.flatMap(each => (each.kind === 'add_tag' ? [each.tag] : []))
    const gone = step.changes.flatMap(each => (each.kind === 'remove_tag' ? [each.tag] : []))
    if (Object.keys(values).length + Object.keys(attributes).length > 0) {
      const rows = ids.map(id => ({ id, values: { ...values, attributes } }))
      if (batch.subject === 'customer')
        await updateCustomers(ctx, rows as { id: string; values: CustomerValues }[], { origin: 'api' })
      else await updateContacts(ctx, rows as { id: string; values: ContactValues }[])
    }
    if (tags.length > 0)
      await addTags(
        ctx,
        batch.subject,
        ids.map(id => ({ id, tags })),
      )
    if (gone.length > 0) await removeTags(ctx, batch.subject, ids, gone)
    return allBy(batch, 'next', { details: { changes: step.changes.length } })
  },
}

function valuesOf(ctx: Context, { subject }: Batch, changes: readonly Change[]) {
  const values: Record<string, JsonValue> = {}
  const attributes: Record<string, JsonValue> = {}
  for (const each of changes) {
    if (each.kind === 'field') values[each.field] = settableValue(subject, each.field, each.value) ?? null
    if (each.kind === 'attribute') attributes[each.key] = each.value
    if (each.kind === 'stage') {
      values.lifecycleStage = each.stage
      values.fieldTimes = { lifecycleStage: `${ctx.now.toISOString()} person` }
    }
  }
  return { values, attributes }
}

/** Gives customers a CSM. */
export const assign: StepDefinition<'assign'> = {
  async run(ctx, step, batch) {
    const withCustomer = batch.visitors.filter(({ customerId }) => customerId !== null)
    const members = await assigneesFor(
      ctx,
      withCustomer.map(({ id, customerId }) => ({ id, customerId, assign: step.to })),
    )
    const given = withCustomer.filter(({ id }) => step.to.kind === 'nobody' || members.get(id))
    await updateCustomers(
      ctx,
      given.map(({ id, customerId }) => ({ id: customerId!, values: { ownerId: members.get(id) ?? null } })),
      { origin: 'api' },
    )
    const done = new Set(given.map(({ id }) => id))
    return batch.visitors.map(({ id, customerId }): Outcome => {
      if (done.has(id)) return { id, way: 'next', details: { memberId: members.get(id) ?? null } }
      return { id, way: 'next', skipped: true, reason: customerId === null ? 'no_customer' : 'nobody_to_assign' }
    })
  },
}
