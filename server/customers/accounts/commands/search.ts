import { sql } from 'kysely'
import { type Context, enqueue } from '../../../platform/context/context.ts'

/** More records than this are indexed by a job, so that an import does not wait for it. */
const mostAtOnce = 200

/** Records a job takes at a time. */
const perJob = 2_000

export const indexSearchJob = 'customers.index_search'

/** Brings the search list of these records up to date: at once for a few, by a job for many. */
export async function indexForSearch(ctx: Context, kind: 'customer' | 'contact', ids: string[]): Promise<void> {
  if (ids.length === 0) return
  if (ids.length <= mostAtOnce) return writePieces(ctx, kind, ids)
  for (let index = 0; index < ids.length; index += perJob) {
    enqueue(ctx, { name: indexSearchJob, payload: { kind, ids: ids.slice(index, index + perJob) } })
  }
}

/**
 * Writes the three-letter pieces of names, ids and addresses (decision 0002); the shorter ones at the end serve
 * searches of one or two letters.
 */
export async function writePieces(ctx: Context, kind: 'customer' | 'contact', ids: string[]): Promise<void> {
  await sql`
    delete from search_piece where tenant_id = ${ctx.tenantId} and kind = ${kind} and record_id = any(${ids}::uuid[])`.execute(
    ctx.tx,
  )
  if (kind === 'customer') {
    await sql`
      insert into search_piece (tenant_id, kind, piece, record_id)
      select distinct ${ctx.tenantId}::uuid, 'customer', substr(word.text, place, 3), word.id
      from (select c.id, normalize(lower(unnest(array[c.name, c.external_id] || array(
          select d.domain from customer_domain d where d.tenant_id = ${ctx.tenantId} and d.customer_id = c.id))), nfkc) as text
        from customer c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[]) and c.merged_into is null) word,
        generate_series(1, least(coalesce(length(word.text), 0), 200)) place
      on conflict do nothing`.execute(ctx.tx)
    return
  }
  await sql`
    insert into search_piece (tenant_id, kind, piece, record_id)
    select distinct ${ctx.tenantId}::uuid, 'contact', substr(word.text, place, 3), word.id
    from (select c.id, normalize(lower(unnest(array[c.name, c.email, c.external_id])), nfkc) as text
      from contact c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[]) and c.merged_into is null) word,
      generate_series(1, least(coalesce(length(word.text), 0), 200)) place
    on conflict do nothing`.execute(ctx.tx)
}
