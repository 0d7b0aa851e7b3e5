import { sql } from 'kysely'
import { type Context, requirePermission } from '../../platform/context/context.ts'
import { notFound } from '../../platform/errors/app-error.ts'
import { JsonText } from '../../platform/http/implement.ts'
import { memberName } from '../accounts/queries/customers.ts'
import { withinReach } from '../accounts/queries/reach.ts'
import { profileFields } from './catalog.ts'

/** The success profile of a customer. @throws AppError `not_found`, also where there is none yet */
export async function getProfile(ctx: Context, id: string): Promise<JsonText> {
  const scope = requirePermission(ctx, 'customers.read')
  const fields = sql.join(
    Object.entries(profileFields).map(([name, field]) => sql`${sql.lit(name)}, ${sql.ref(`p.${field.column}`)}`),
  )
  const { rows } = await sql<{ item: string }>`
    select json_build_object('customerId', c.id,
      'csm', case when c.owner_id is not null then json_build_object('id', c.owner_id, 'name', coalesce(${memberName(ctx, sql`c.owner_id`)}, '')) end,
      'executiveSponsor', c.executive_sponsor, ${fields}, 'createdAt', p.created_at, 'updatedAt', p.updated_at)::text as item
    from customer c join success_profile p on p.tenant_id = ${ctx.tenantId} and p.customer_id = c.id
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and ${withinReach(ctx, scope)}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}
