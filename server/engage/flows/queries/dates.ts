import { type RawBuilder, sql } from 'kysely'
import { vocabularyOf } from '../../../catalog/conditions/queries/vocabulary.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { RecordKind } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'

/**
 * A date field of customers or contacts `c`, as a day of the company. A contact may go by a date of its customer: `customer.`
 * and the field.
 * @throws AppError `invalid_input` for a field that there is not, or that holds no date
 */
export async function dateFieldOf(
  ctx: Context,
  subject: RecordKind,
  name: string,
): Promise<{ day: RawBuilder<string> }> {
  const ofCustomer = subject === 'contact' && name.startsWith('customer.')
  const { fields, zone } = await vocabularyOf(ctx)
  const field = fields[ofCustomer ? 'customer' : subject].get(ofCustomer ? name.slice('customer.'.length) : name)
  if (field?.kind !== 'date' || field.isMetric) {
    throw new AppError('invalid_input', {
      ja: `「${name}」という日付の項目はありません。`,
      en: `There is no date field "${name}".`,
    })
  }
  const value = field.isMoment ? sql`(${field.value} at time zone ${zone})::date` : sql`(${field.value})::date`
  if (!ofCustomer) return { day: sql`(${value})` }
  // The customer's own record is `c` inside.
  return {
    day: sql`(select ${value} from (select c.customer_id as wanted) w
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = w.wanted)`,
  }
}
