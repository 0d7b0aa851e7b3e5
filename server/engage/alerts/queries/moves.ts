import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'

/** Alerts of a rule that opened and closed. */
export interface AlertMoves {
  key: string
  name: Words
  opened: number
  closed: number
}

/** The alerts that this transaction opened and closed: they carry its moment. */
export async function alertMoves(ctx: Context): Promise<AlertMoves[]> {
  const { rows } = await sql<AlertMoves>`
    select r.key, jsonb_build_object('ja', r.name_ja, 'en', r.name_en) as name,
      count(*) filter (where a.opened_at = ${ctx.now})::int as opened, count(*) filter (where a.closed_at = ${ctx.now})::int as closed
    from alert a join alert_rule r on r.tenant_id = ${ctx.tenantId} and r.id = a.rule_id
    where a.tenant_id = ${ctx.tenantId} and (a.opened_at = ${ctx.now} or a.closed_at = ${ctx.now})
    group by r.key, r.name_ja, r.name_en order by r.name_ja`.execute(ctx.tx)
  return rows
}
