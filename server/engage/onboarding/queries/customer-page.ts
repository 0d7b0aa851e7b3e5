import { sql } from 'kysely'
import { today } from '../../../customers/accounts/queries/today.ts'
import { needsCode, type OpenLink } from '../commands/links.ts'
import type { CustomerPage } from '../contract/customer-page.ts'
import { certificatesOfPage } from './certificate.ts'

/** What the customer sees of its journey: the tasks that are shared with it, and nothing else of the company. */
export async function customerPage(link: OpenLink, session: string | undefined): Promise<CustomerPage> {
  if (needsCode(link, session)) return { needsCode: true, certificates: [], journey: null }
  const { ctx, journey } = link
  const task = sql`(v.definition -> 'tasks' -> o.place::int)`
  const phase = sql`(v.definition -> 'phases' -> p.place::int)`
  const { rows } = await sql<{ journey: CustomerPage['journey'] }>`
    select json_build_object('company', company.name, 'customer', c.name, 'name', json_build_object('ja', t.name_ja, 'en', t.name_en),
      'status', j.status, 'startsOn', j.starts_on, 'endsOn', coalesce(j.ended_on, j.starts_on + j.days - 1 + j.paused_days),
      'tasks', (select coalesce(json_agg(json_build_object('key', o.key,
          'phase', json_build_object('ja', ${phase} ->> 'nameJa', 'en', ${phase} ->> 'nameEn'),
          'title', json_build_object('ja', ${task} ->> 'titleJa', 'en', ${task} ->> 'titleEn'),
          'description', json_build_object('ja', ${task} ->> 'descriptionJa', 'en', ${task} ->> 'descriptionEn'),
          'dueOn', o.due_on, 'done', o.done_on is not null, 'late', o.done_on is null and o.due_on < ${today(ctx)},
          'own', o.role = 'customer') order by p.place, o.due_on, o.place), '[]')
        from onboarding_task o join onboarding_phase p on p.tenant_id = ${ctx.tenantId} and p.journey_id = o.journey_id and p.key = o.phase
        where o.tenant_id = ${ctx.tenantId} and o.journey_id = j.id and o.shared)) as journey
    from onboarding_journey j
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = j.customer_id
    join onboarding_template t on t.tenant_id = ${ctx.tenantId} and t.id = j.template_id
    join onboarding_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = j.template_id and v.version = j.version
    join tenant company on company.id = ${ctx.tenantId}
    where j.tenant_id = ${ctx.tenantId} and j.id = ${journey}`.execute(ctx.tx)
  return { needsCode: false, certificates: await certificatesOfPage(link), journey: rows[0]!.journey }
}
