import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Locale } from '../../../platform/errors/words.ts'
import type { MergeData } from '../merge-tags.ts'

/** Whom a message is for, and what its merge tags may say. */
export interface Recipient {
  contactId: string
  name: string
  email: string | null
  /** As it stands at the contact. */
  language: string | null
  companyLocale: Locale
  company: string
  data: MergeData
}

/** The order of the people `c` of a customer: its champion first, else who decides, else who works with the product daily. */
export const mainFirst = sql`array_position(array['CHAMPION', 'DECISION_MAKER', 'SPONSOR', 'DAY_TO_DAY'], c.stakeholder_role),
  c.created_at, c.id`

/** Contacts with what may be said to them: nothing that the company thinks of them, such as scores. */
export async function recipientsOf(ctx: Context, ids: readonly string[]): Promise<Map<string, Recipient>> {
  const { rows } = await sql<Recipient & { data: Record<string, unknown> }>`
    select c.id as "contactId", c.name, c.email, c.language, company.locale as "companyLocale", company.name as company,
      json_build_object(
        'contact', json_build_object('name', c.name, 'email', c.email, 'title', c.title, 'role', c.role,
          'company', coalesce(k.name, c.company), 'plan', c.plan, 'language', c.language, 'attributes', c.attributes),
        'customer', json_build_object('name', k.name, 'plan', k.plan, 'industry', k.industry, 'region', k.region,
          'renewalOn', k.renewal_on, 'contractStart', k.contract_start, 'contractEnd', k.contract_end,
          'licenceCount', k.licence_count, 'attributes', coalesce(k.attributes, '{}')),
        'owner', json_build_object('name', who.name, 'email', who.email),
        'company', json_build_object('name', company.name)) as data
    from contact c join tenant company on company.id = ${ctx.tenantId}
    left join customer k on k.tenant_id = ${ctx.tenantId} and k.id = c.customer_id
    left join member colleague on colleague.tenant_id = ${ctx.tenantId} and colleague.id = k.owner_id
    left join app_user who on who.id = colleague.user_id
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])`.execute(ctx.tx)
  return new Map(rows.map(row => [row.contactId, row]))
}
