import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

export interface ContactKey {
  externalId?: string
  email?: string
}

/**
 * Finds contacts as one statement, in the order of the keys: by external id, else by
 * e-mail address; a merged record finds the one that took it over. An address of a contact with another external id finds
 * none.
 */
export async function findContacts(ctx: Context, keys: ContactKey[]): Promise<(string | undefined)[]> {
  if (keys.length === 0) return []
  const lines = keys.map((key, place) => ({ place, id: key.externalId, email: key.email?.toLowerCase() }))
  const { rows } = await sql<{ place: number; contact_id: string }>`
    select line.place, coalesce(own.merged_into, own.id, addressed.merged_into, addressed.id) as contact_id
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (place int, id text, email text)
    left join contact own on own.tenant_id = ${ctx.tenantId} and own.external_id = line.id
    left join contact addressed on addressed.tenant_id = ${ctx.tenantId} and addressed.email = line.email
      and (line.id is null or addressed.external_id is null or addressed.merged_into is not null) and own.id is null
    where coalesce(own.id, addressed.id) is not null`.execute(ctx.tx)
  const found: (string | undefined)[] = keys.map(() => undefined)
  for (const row of rows) found[row.place] = row.contact_id
  return found
}
