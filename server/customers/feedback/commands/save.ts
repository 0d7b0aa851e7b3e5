import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { createRecords, type RecordValues, updateRecords } from '../../accounts/commands/records.ts'
import type { By, Patch } from '../../accounts/commands/values.ts'
import { answerShape } from '../catalog.ts'

/**
 * Makes survey answers. Needs `kind`, `score` (NPS 0 to 10, CSAT 1 to 5, CES 1 to 7) and `answeredAt`; a contact's
 * customer is the answer's where none is given.
 */
export async function createAnswers(ctx: Context, rows: Patch<RecordValues>[], by: By): Promise<void> {
  await createRecords(ctx, answerShape, rows, by.importId)
  await follow(ctx, rows)
}

/** Patches survey answers. */
export async function updateAnswers(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  await updateRecords(ctx, answerShape, rows)
  await follow(ctx, rows)
}

/** The customer of a contact's answer; the contact's latest NPS and mean CSAT. */
async function follow(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  const ids = rows.map(row => row.id)
  await sql`
    update survey_answer a set customer_id = c.customer_id from contact c
    where a.tenant_id = ${ctx.tenantId} and c.tenant_id = ${ctx.tenantId} and c.id = a.contact_id
      and a.customer_id is null and c.customer_id is not null and a.id = any(${ids}::uuid[])`.execute(ctx.tx)
  await sql`
    with touched as materialized (
      select distinct a.contact_id from survey_answer a
      where a.tenant_id = ${ctx.tenantId} and a.id = any(${ids}::uuid[]) and a.contact_id is not null),
    latest as materialized (
      select a.contact_id, (array_agg(round(a.score)::smallint order by a.answered_at desc) filter (where a.kind = 'NPS'))[1] as nps,
        round(avg(a.score) filter (where a.kind = 'CSAT'), 2) as csat
      from touched join survey_answer a on a.tenant_id = ${ctx.tenantId} and a.contact_id = touched.contact_id group by a.contact_id)
    update contact target set nps = latest.nps, csat = latest.csat from latest
    where target.tenant_id = ${ctx.tenantId} and target.id = latest.contact_id`.execute(ctx.tx)
}
