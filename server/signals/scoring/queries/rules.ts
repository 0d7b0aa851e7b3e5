import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'

function ruleJson(ctx: Context): RawBuilder<unknown> {
  return sql`json_build_object('id', r.id, 'key', r.key, 'nameJa', r.name_ja, 'nameEn', r.name_en, 'state', r.state,
    'part', r.part, 'points', r.points, 'when', r."when", 'position', r.position, 'fault', r.fault,
    'leads', (select count(*)::int from lead_score_state s where s.tenant_id = ${ctx.tenantId} and s.points[r.place] <> 0),
    'createdAt', r.created_at, 'updatedAt', r.updated_at)`
}

/** The rules of the company in their order. */
export async function listScoringRules(ctx: Context): Promise<JsonText> {
  const { rows } = await sql<{ items: string }>`
    select coalesce(json_agg(${ruleJson(ctx)} order by r.position, r.place), '[]')::text as items
    from scoring_rule r where r.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return new JsonText(`{"items":${rows[0]!.items}}`)
}

/** @throws AppError `not_found` */
export async function getScoringRule(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select ${ruleJson(ctx)}::text as item from scoring_rule r where r.tenant_id = ${ctx.tenantId} and r.id = ${id}`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}
