import { type RawBuilder, sql } from 'kysely'
import type { Reader } from '../../../platform/context/vocabulary.ts'

/** A statement that gives the ids of the customers whose figures were worked out at a moment or since. */
export function changedCustomers(reader: Pick<Reader, 'tenantId'>, at: string): RawBuilder<unknown> {
  return sql`select f.customer_id from customer_figures f where f.tenant_id = ${reader.tenantId} and f.computed_at >= ${at}::timestamptz`
}
