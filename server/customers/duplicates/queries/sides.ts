import { type RawBuilder, sql } from 'kysely'
import type { Context, JsonObject } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { customerFields } from '../../accounts/catalog.ts'
import { contactFields } from '../../contacts/catalog.ts'
import type { Fields } from '../plan.ts'

export type MergeRecord = 'customer' | 'contact'

export interface Side {
  fields: Fields
  attributes: JsonObject
}

/** Fields that stay with each record, whatever else moves. */
const own: Record<MergeRecord, readonly string[]> = {
  customer: ['externalId', 'currency', 'parentId', 'lastSeenAt', 'status', 'churnedOn', 'ownerId'],
  contact: [
    'externalId',
    'email',
    'lastSeenAt',
    'lastLoginAt',
    'lastCsmContactAt',
    'lastEmailAt',
    'webinarsAttended',
    'communityPosts',
    'loyaltyPoints',
    'emailConsent',
    'emailState',
  ],
}

/** The fields of two records that a merge compares, locked. @throws AppError `not_found` for one that is not there */
export async function lockSides(ctx: Context, record: MergeRecord, ids: [string, string]): Promise<[Side, Side]> {
  const vocabulary = record === 'customer' ? customerFields : contactFields
  const pairs: RawBuilder<unknown>[] = Object.entries(vocabulary)
    .filter(([name]) => !own[record].includes(name))
    .map(([name, { column }]) => sql`${sql.lit(name)}, ${sql.ref(`r.${column}`)}`)
  const { rows } = await sql<{ id: string; fields: Fields; attributes: JsonObject }>`
    select r.id, json_build_object(${sql.join(pairs)}) as fields, r.attributes from ${sql.table(record)} r
    where r.tenant_id = ${ctx.tenantId} and r.id = any(${ids}::uuid[]) and r.merged_into is null order by r.id for no key update`.execute(
    ctx.tx,
  )
  const [kept, merged] = ids.map(id => rows.find(row => row.id === id))
  if (!kept || !merged) throw notFound()
  return [kept, merged]
}
