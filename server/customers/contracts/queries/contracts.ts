import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import { requireCustomer } from '../../accounts/queries/customers.ts'
import { contractFields } from '../catalog.ts'

/** The contract `k` as JSON, with what it is worth a month today. */
function contractJson(ctx: Context): RawBuilder<string> {
  const fields = sql.join(
    Object.entries(contractFields).map(([name, { column }]) => sql`${sql.lit(name)}, ${sql.ref(`k.${column}`)}`),
  )
  return sql`json_build_object('id', k.id, ${fields}, 'standing', k.standing, 'mrr', coalesce((
      select t.mrr from contract_term t, tenant company
      where t.tenant_id = ${ctx.tenantId} and t.contract_id = k.id and company.id = ${ctx.tenantId}
        and t.effective_on <= (${ctx.now}::timestamptz at time zone company.time_zone)::date
      order by t.effective_on desc limit 1), 0), 'createdAt', k.created_at)`
}

/** Contracts of a customer, latest start first. */
export async function listContracts(
  ctx: Context,
  customerId: string,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<JsonText> {
  await requireCustomer(ctx, customerId)
  const after = readCursor(cursor, 2)
  const { rows } = await sql<{ item: string }>`
    select ${contractJson(ctx)}::text as item from contract k
    where k.tenant_id = ${ctx.tenantId} and k.customer_id = ${customerId}
      and ${after ? sql`(k.starts_on, k.id) < (${after[0]}::date, ${after[1]}::uuid)` : sql`true`}
    order by k.starts_on desc, k.id desc limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['startsOn', 'id'])
}

/** One contract. @throws AppError `not_found` */
export async function getContract(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string; customer_id: string }>`
    select ${contractJson(ctx)}::text as item, k.customer_id from contract k
    where k.tenant_id = ${ctx.tenantId} and k.id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  await requireCustomer(ctx, rows[0].customer_id)
  return new JsonText(rows[0].item)
}

/** The ledger of a customer, oldest first. */
export async function listMovements(ctx: Context, customerId: string): Promise<JsonText> {
  await requireCustomer(ctx, customerId)
  const { rows } = await sql<{ items: string }>`
    select coalesce(json_agg(json_build_object('occurredOn', m.occurred_on, 'contractId', m.contract_id, 'kind', m.kind,
      'amount', m.amount, 'mrrAfter', m.mrr_after, 'currency', m.currency) order by m.occurred_on, m.contract_id), '[]')::text as items
    from revenue_movement m where m.tenant_id = ${ctx.tenantId} and m.customer_id = ${customerId}`.execute(ctx.tx)
  return new JsonText(`{"items":${rows[0]!.items}}`)
}
