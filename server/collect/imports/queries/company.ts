import { sql } from 'kysely'
import { attributesOf } from '../../../customers/attributes/queries/attributes.ts'
import type { Context } from '../../../platform/context/context.ts'
import { kinds } from '../catalog/kinds.ts'
import type { Reading } from '../cell.ts'
import type { ImportKind, Mapping } from '../contract/shapes.ts'
import type { AttributeShape } from '../interpretation.ts'

export interface Company {
  slug: string
  timeZone: string
  currency: string
  /** `YYYY-MM-DD` in the company's time zone. */
  today: string
}

export async function companyOf(ctx: Context): Promise<Company> {
  const { rows } = await sql<Company>`
    select slug, time_zone as "timeZone", currency, (${ctx.now}::timestamptz at time zone time_zone)::date::text as today
    from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]!
}

/** How numbers and dates of a file are meant in this company. */
export function readingOf(mapping: Mapping, { timeZone, today }: Company): Reading {
  return { dateOrder: mapping.dateOrder, decimal: mapping.decimal, timeZone, today }
}

/** Attributes of the record that a kind of import makes; none where it has none. */
export async function attributeShapes(ctx: Context, kind: ImportKind): Promise<(AttributeShape & { label: string })[]> {
  const record = kinds[kind].attributesOf
  return record ? attributesOf(ctx, record) : []
}

/** E-mail addresses and names of the members, in lower case. */
export async function memberWords(ctx: Context): Promise<Set<string>> {
  const { rows } = await sql<{ email: string; name: string }>`
    select u.email, lower(u.name) as name from member m join app_user u on u.id = m.user_id
    where m.tenant_id = ${ctx.tenantId} limit 5000`.execute(ctx.tx)
  return new Set(rows.flatMap(row => [row.email, row.name]))
}
