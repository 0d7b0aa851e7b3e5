import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { customerFields, derivedFields, type Field } from '../catalog.ts'
import { customerFilterFields } from '../contract/filter.ts'
import type { Vocabulary } from './filter.ts'

const columns: Readonly<Record<string, Field>> = { ...customerFields, ...derivedFields }

/** How conditions read a customer `c`. */
export function customerVocabulary(ctx: Context): Vocabulary {
  return {
    record: 'customer',
    fields: customerFilterFields,
    column: name => sql.ref(`c.${columns[name]!.column}`),
    tags: sql`array(select t.name from customer_tag x join tag t on t.tenant_id = ${ctx.tenantId} and t.id = x.tag_id
      where x.tenant_id = ${ctx.tenantId} and x.customer_id = c.id)`,
  }
}
