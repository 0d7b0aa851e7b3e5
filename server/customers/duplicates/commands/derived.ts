import { sql } from 'kysely'
import type { Context, JsonObject } from '../../../platform/context/context.ts'

/** What the product works out for the two customers, as it was before a merge and as the merge left the kept one. */
export interface Derived {
  kept: JsonObject
  merged: JsonObject
  left: JsonObject
}

/** Columns that follow the running contracts. */
const contractColumns = ['contract_start', 'contract_end', 'renewal_on', 'licence_count', 'plan'] as const
/** Those of them that people also write: after a change they stay. */
const written = ['licence_count', 'plan'] as const
const healthColumns = ['health_score', 'health_level', 'health_trend', 'health_scored_at'] as const

/** The derived columns of a customer as they stand. */
export async function readDerived(ctx: Context, id: string): Promise<JsonObject> {
  const pairs = [...contractColumns, ...healthColumns].map(name => sql`${sql.lit(name)}, ${sql.ref(`c.${name}`)}`)
  const { rows } = await sql<{ state: JsonObject }>`
    select json_build_object(${sql.join(pairs)}) as state from customer c
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id}`.execute(ctx.tx)
  return rows[0]!.state
}

/**
 * Puts the derived columns of both customers back to what they were before the merge: the ledger and the scores then
 * change what has changed since. Without contracts that moved, the contract columns were not derived from the merge.
 */
export async function restoreDerived(
  ctx: Context,
  keptId: string,
  mergedId: string,
  derived: Derived,
  contractsMoved: boolean,
): Promise<void> {
  const now = await readDerived(ctx, keptId)
  const columns = contractsMoved
    ? contractColumns.filter(name => !(written as readonly string[]).includes(name) || now[name] === derived.left[name])
    : []
  await write(ctx, keptId, derived.kept, [...columns, ...healthColumns])
  await write(ctx, mergedId, derived.merged, contractsMoved ? contractColumns : [])
  await followScores(ctx, [keptId, mergedId])
}

async function write(ctx: Context, id: string, state: JsonObject, columns: readonly string[]): Promise<void> {
  if (columns.length === 0) return
  const set = columns.map(name => sql`${sql.ref(name)} = ${sql.ref(`former.${name}`)}`)
  await sql`
    update customer target set ${sql.join(set)}
    from jsonb_populate_record(null::customer, ${JSON.stringify(state)}::jsonb) former
    where target.tenant_id = ${ctx.tenantId} and target.id = ${id}`.execute(ctx.tx)
}

/** The health of customers is that of their latest score, unless something later said otherwise. */
export async function followScores(ctx: Context, ids: string[]): Promise<void> {
  await sql`
    update customer target set health_score = latest.overall, health_level = latest.level, health_trend = latest.trend,
      health_scored_at = latest.scored_at
    from (select distinct on (h.customer_id) h.customer_id, h.overall, h.level, h.trend, h.scored_at from health_score h
      where h.tenant_id = ${ctx.tenantId} and h.customer_id = any(${ids}::uuid[])
      order by h.customer_id, h.scored_at desc, h.id desc) latest
    where target.tenant_id = ${ctx.tenantId} and target.id = latest.customer_id
      and (target.health_scored_at is null or target.health_scored_at < latest.scored_at)`.execute(ctx.tx)
}
