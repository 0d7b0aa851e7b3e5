import { sql } from 'kysely'
import { createAttributes } from '../../../customers/attributes/commands/attributes.ts'
import { createContacts } from '../../../customers/contacts/commands/save.ts'
import type { Context } from '../../../platform/context/context.ts'
import { dayText } from '../calendar.ts'
import { leadsOf } from '../leads.ts'
import { type DemoWish, worldOf } from './fill.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

/** Writes people who are no customers yet, with what they opened, read and asked for. */
export async function writeLeads(ctx: Context, wish: DemoWish): Promise<void> {
  const leads = leadsOf(await worldOf(ctx, wish))
  await createAttributes(ctx, [{ record: 'contact', key: 'employees', label: '従業員数', type: 'number' }])
  await createContacts(
    ctx,
    leads.map(({ id, values }) => ({ id, values })),
    { origin: 'demo' },
  )
  const lines = leads.flatMap(({ id, person, use }) =>
    use.map(each => ({ ...each, id, person, day: dayText(each.day) })),
  )
  await sql`
    insert into usage_daily (tenant_id, person, day, attributed_id, feature, contact_id, events, first_at, last_at)
    select ${ctx.tenantId}, line.person, line.day, ${nobody}::uuid, line.feature, line.id, line.events,
      line.day + interval '3 hours', line.day + interval '4 hours'
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, person text, day date, feature text, events int)
    on conflict do nothing`.execute(ctx.tx)
  await sql`
    update contact k set created_at = k.signed_up_at
    where k.tenant_id = ${ctx.tenantId} and k.id = any(${leads.map(({ id }) => id)}::uuid[])`.execute(ctx.tx)
}
