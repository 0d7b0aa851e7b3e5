import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Batch } from '../steps/definition.ts'

export interface SubjectName {
  name: string
  customer: string | null
  ownerId: string | null
}

/** What the subjects of a batch and their customers are called, and whose customers they are. */
export async function namesOf(
  ctx: Context,
  { subject, visitors }: Pick<Batch, 'subject' | 'visitors'>,
): Promise<Map<string, SubjectName>> {
  const ids = visitors.map(({ subjectId }) => subjectId)
  const { rows } = await (subject === 'customer'
    ? sql<SubjectName & { id: string }>`
          select c.id, c.name, c.name as customer, c.owner_id as "ownerId" from customer c
          where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])`
    : sql<SubjectName & { id: string }>`
          select c.id, c.name, k.name as customer, k.owner_id as "ownerId" from contact c
          left join customer k on k.tenant_id = ${ctx.tenantId} and k.id = c.customer_id
          where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])`
  ).execute(ctx.tx)
  return new Map(rows.map(({ id, ...name }) => [id, name]))
}
