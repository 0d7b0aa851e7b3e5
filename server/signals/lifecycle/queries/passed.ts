import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

/** Whole seconds in the stage before; null where there was none. */
export function secondsSince(
  ctx: Context,
  since: RawBuilder<unknown>,
  stage: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`case when ${stage} is not null then greatest(0, extract(epoch from ${ctx.now}::timestamptz - ${since}))::bigint end`
}

/** The stages that a row of `moved` entered: those it skipped count as passed. */
export function entered(ctx: Context): RawBuilder<unknown> {
  return sql`case when moved.to_stage is null then '{}'::uuid[]
    when moved.kind = 'lost' or moved.position <= moved.from_position then array[moved.to_stage]
    else array(select passed.id from lifecycle_stage passed where passed.tenant_id = ${ctx.tenantId} and passed.kind <> 'lost'
      and passed.position > coalesce(moved.from_position, -1) and passed.position <= moved.position order by passed.position) end`
}

/** The stages with a rule that lie ahead of a place, or anywhere without one: into these no rule takes back who was taken out. */
export function stagesAhead(ctx: Context, position: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`array(select ahead.id from lifecycle_stage ahead where ahead.tenant_id = ${ctx.tenantId} and ahead.condition is not null
    and (ahead.kind = 'lost' or ahead.position > coalesce(${position}, -1)))`
}
