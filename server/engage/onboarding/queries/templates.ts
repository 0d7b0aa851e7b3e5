import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { OnboardingTemplate, WholeTemplate } from '../contract/templates.ts'

async function rowsOf(ctx: Context, which: RawBuilder<boolean>): Promise<WholeTemplate[]> {
  const { rows } = await sql<Omit<WholeTemplate, 'updatedAt'> & { updatedAt: Date }>`
    select t.id, t.key, t.name_ja as "nameJa", t.name_en as "nameEn", t.state, t.version, t.starts, t.fault, t.updated_at as "updatedAt",
      (v.definition ->> 'days')::int as days, jsonb_array_length(v.definition -> 'phases') as phases,
      jsonb_array_length(v.definition -> 'tasks') as tasks, count(j.id) filter (where j.status in ('running', 'paused'))::int as running,
      count(j.id) filter (where j.status = 'completed')::int as completed, t.people, v.definition
    from onboarding_template t
    join onboarding_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = t.id and v.version = t.version
    left join onboarding_journey j on j.tenant_id = ${ctx.tenantId} and j.template_id = t.id
    where t.tenant_id = ${ctx.tenantId} and ${which}
    group by t.tenant_id, t.id, v.definition order by t.state desc, t.name_ja, t.id`.execute(ctx.tx)
  return rows.map(row => ({ ...row, updatedAt: row.updatedAt.toISOString() }))
}

/** Templates with how many customers are in each. */
export async function templateList(ctx: Context): Promise<{ items: OnboardingTemplate[] }> {
  return { items: (await rowsOf(ctx, sql`true`)).map(({ definition: _, people: __, ...template }) => template) }
}

/** One template with what it consists of. @throws AppError `not_found` */
export async function oneTemplate(ctx: Context, id: string): Promise<WholeTemplate> {
  const [template] = await rowsOf(ctx, sql`t.id = ${id}`)
  if (!template) throw notFound()
  return template
}
