import { type RawBuilder, sql } from 'kysely'
import { shippedBlueprints } from '../../../catalog/blueprints/queries.ts'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { blueprintHead, sectionNames } from '../contract/document.ts'

/** The shipped blueprints, and what the company has of each. */
export async function listBlueprints(ctx: Context) {
  requirePermission(ctx, 'blueprints.manage')
  const { rows } = await sql<{ blueprint: string; managed: number; at: Date }>`
    select i.blueprint, count(*)::int as managed, max(i.applied_at) as at from blueprint_item i
    where i.tenant_id = ${ctx.tenantId} group by 1`.execute(ctx.tx)
  const managed = new Map(rows.map(row => [row.blueprint, row]))
  return {
    items: shippedBlueprints().map(({ key, parts }) => {
      const { nameJa, nameEn, summaryJa, summaryEn } = blueprintHead.parse(
        parts.find(({ section }) => section === 'blueprint')?.value,
      )
      const sections = sectionNames.flatMap(section => {
        const part = parts.find(each => each.section === section)
        return part ? [{ section, items: Array.isArray(part.value) ? part.value.length : 1 }] : []
      })
      const own = managed.get(key)
      return {
        key,
        name: { ja: nameJa, en: nameEn },
        summary: { ja: summaryJa, en: summaryEn },
        sections,
        appliedAt: own?.at.toISOString() ?? null,
        managed: own?.managed ?? 0,
      }
    }),
  }
}

function applicationJson(ctx: Context, more = sql``): RawBuilder<string> {
  const count = (action: string) =>
    sql`(select count(*) from jsonb_array_elements(a.changes) x where x ->> 'action' = ${action})`
  return sql`json_build_object('id', a.id, 'at', a.at, 'byName', ${memberName(ctx, sql`a.applied_by`)}, 'blueprint', a.blueprint,
    'name', json_build_object('ja', a.name_ja, 'en', a.name_en), 'kind', a.kind,
    'rolledBack', exists (select 1 from blueprint_application b where b.tenant_id = ${ctx.tenantId} and b.rolls_back = a.id),
    'created', ${count('create')}, 'changed', ${count('change')}, 'deleted', ${count('delete')}${more})::text`
}

/** What was applied and taken back, latest first. */
export async function listApplications(ctx: Context): Promise<JsonText> {
  requirePermission(ctx, 'blueprints.manage')
  const { rows } = await sql<{ item: string }>`
    select ${applicationJson(ctx)} as item from blueprint_application a where a.tenant_id = ${ctx.tenantId}
    order by a.at desc, a.id desc limit 100`.execute(ctx.tx)
  return new JsonText(`{"items":[${rows.map(row => row.item).join(',')}]}`)
}

/** One application; with its changes when they are asked for. @throws AppError `not_found` */
export async function oneApplication(ctx: Context, id: string, withChanges: boolean): Promise<JsonText> {
  requirePermission(ctx, 'blueprints.manage')
  const changes = sql`, 'radius', '{"flows": []}'::jsonb || a.radius, 'changes', (
    select coalesce(jsonb_agg((x.value - 'before' - 'after') || '{"problem": null}' order by x.place), '[]')
    from jsonb_array_elements(a.changes) with ordinality x (value, place))`
  const { rows } = await sql<{ item: string }>`
    select ${applicationJson(ctx, withChanges ? changes : sql``)} as item from blueprint_application a
    where a.tenant_id = ${ctx.tenantId} and a.id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}
