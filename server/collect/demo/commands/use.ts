import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { dayText } from '../calendar.ts'
import type { Story } from '../world.ts'

/** Rows of one statement. */
const atOnce = 20_000

/**
 * Writes how the demo's customers used the product: the roll-ups of all the time that is told. Raw events are not kept for
 * it, as after the end of their retention.
 */
export async function writeUse(ctx: Context, stories: Story[]): Promise<void> {
  const people = stories.flatMap(story =>
    story.contacts.map(contact => ({ id: contact.id, person: contact.person, customer: story.customer.id })),
  )
  const places = new Map(people.map(({ id }, place) => [id, place]))
  const lines = stories.flatMap(story =>
    story.use.map(use => ({ ...use, place: places.get(story.contacts[use.contact]!.id)! })),
  )
  for (let start = 0; start < lines.length; start += atOnce) {
    const part = lines.slice(start, start + atOnce)
    await sql`
      insert into usage_daily (tenant_id, person, day, attributed_id, feature, customer_id, contact_id, events, first_at, last_at)
      select ${ctx.tenantId}, who.person, line.day, who.customer, line.feature, who.customer, who.id, line.events,
        line.day + interval '9 hours', line.day + interval '9 hours' + line.events * interval '25 minutes'
      from unnest(${part.map(line => line.place)}::int[], ${part.map(line => dayText(line.day))}::date[],
        ${part.map(line => line.feature)}::text[], ${part.map(line => line.events)}::int[]) as line (place, day, feature, events)
      join jsonb_to_recordset(${JSON.stringify(people.map((entry, place) => ({ ...entry, place })))}::jsonb)
        as who (place int, id uuid, person text, customer uuid) on who.place = line.place
      on conflict do nothing`.execute(ctx.tx)
  }
  // What the story tells is not told again as the first use of a feature by events that come later.
  const known = stories.flatMap(({ customer, use }) =>
    [...new Set(use.map(({ feature }) => feature))].map(feature => ({ customer: customer.id, feature })),
  )
  await sql`
    insert into customer_feature (tenant_id, customer_id, feature)
    select ${ctx.tenantId}, known.customer, known.feature
    from jsonb_to_recordset(${JSON.stringify(known)}::jsonb) as known (customer uuid, feature text) on conflict do nothing`.execute(
    ctx.tx,
  )
  await sql`
    update contact target set last_seen_at = used.last_at, last_login_at = used.last_at, features_used = used.features, dau_mau = least(1, used.days / 22.0)
    from (select d.contact_id, max(d.last_at) as last_at, count(distinct d.feature)::int as features,
        count(distinct d.day) filter (where d.day > ${ctx.now}::timestamptz::date - 30) as days
      from usage_daily d where d.tenant_id = ${ctx.tenantId} and d.contact_id = any(${people.map(entry => entry.id)}::uuid[]) group by d.contact_id) used
    where target.tenant_id = ${ctx.tenantId} and target.id = used.contact_id`.execute(ctx.tx)
  await sql`
    update customer target set last_seen_at = used.last_at
    from (select d.customer_id, max(d.last_at) as last_at from usage_daily d
      where d.tenant_id = ${ctx.tenantId} and d.customer_id = any(${stories.map(story => story.customer.id)}::uuid[]) group by d.customer_id) used
    where target.tenant_id = ${ctx.tenantId} and target.id = used.customer_id`.execute(ctx.tx)
}
