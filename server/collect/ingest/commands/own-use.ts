import { sql } from 'kysely'
import { followContactsSoon } from '../../../customers/contacts/commands/save.ts'
import type { Context } from '../../../platform/context/context.ts'

/** Stands in front of the contact in the name of a person that only this product knows: no source sends such names. */
export const ownPerson = 'm:'
const nobody = '00000000-0000-0000-0000-000000000000'

/** Something that a contact did with what this product sent, such as opening a mail. */
export interface OwnUse {
  contactId: string
  /** Name of the event, as conditions and scoring rules name it. */
  name: string
  at: Date
}

/**
 * Counts what contacts did with our own messages beside what they did in the product. It says something of the contact
 * alone: figures of the customer's use of the product do not follow from it.
 */
export async function noteOwnUse(ctx: Context, uses: readonly OwnUse[]): Promise<void> {
  if (uses.length === 0) return
  const lines = uses.map(({ contactId, name, at }) => ({ contact: contactId, name, at: at.toISOString() }))
  await sql`
    insert into usage_daily as known (tenant_id, person, day, attributed_id, feature, customer_id, contact_id, events, first_at, last_at)
    select ${ctx.tenantId}, ${ownPerson} || line.contact, (line.at at time zone company.time_zone)::date, ${nobody}::uuid, line.name, null,
      line.contact, count(*)::integer, min(line.at), max(line.at)
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (contact uuid, name text, at timestamptz)
    join tenant company on company.id = ${ctx.tenantId}
    group by line.contact, (line.at at time zone company.time_zone)::date, line.name
    on conflict (tenant_id, person, day, attributed_id, feature) do update set events = known.events + excluded.events,
      first_at = least(known.first_at, excluded.first_at), last_at = greatest(known.last_at, excluded.last_at)`.execute(
    ctx.tx,
  )
  await sql`
    insert into contact_change (tenant_id, id, contact_id)
    select ${ctx.tenantId}, gen_random_uuid(), changed.id from unnest(${uses.map(use => use.contactId)}::uuid[]) as changed (id)
    on conflict do nothing`.execute(ctx.tx)
  followContactsSoon(ctx)
}

/** What merged contacts did with our messages counts for the one that is left; after an undone merge for each again. */
export async function followMergedUse(ctx: Context, ids: readonly string[]): Promise<void> {
  await sql`
    update usage_daily daily set contact_id = coalesce(k.merged_into, k.id)
    from contact k
    where daily.tenant_id = ${ctx.tenantId} and k.tenant_id = ${ctx.tenantId}
      and daily.person = ${ownPerson} || k.id and (k.id = any(${ids}::uuid[]) or k.merged_into = any(${ids}::uuid[]))`.execute(
    ctx.tx,
  )
}
