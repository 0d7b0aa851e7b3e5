import { sql } from 'kysely'
import type { z } from 'zod'
import { announce, type Context, record, requirePermission } from '../../context/context.ts'
import { invalidField } from '../../errors/app-error.ts'
import type { updateCompany } from '../contract/company.ts'

/** Changes the company's own settings. @throws AppError `invalid_input` when the address is in use */
export async function changeCompany(ctx: Context, input: z.output<typeof updateCompany.body>): Promise<void> {
  requirePermission(ctx, 'company.manage')
  if (input.slug !== undefined) await moveTo(ctx, input.slug)
  await sql`
    update tenant set
      name = coalesce(${input.name ?? null}, name), slug = coalesce(${input.slug ?? null}, slug),
      locale = coalesce(${input.locale ?? null}, locale), time_zone = coalesce(${input.timeZone ?? null}, time_zone),
      currency = coalesce(${input.currency ?? null}, currency),
      fiscal_year_start = coalesce(${input.fiscalYearStart ?? null}::smallint, fiscal_year_start), updated_at = ${ctx.now}
    where id = ${ctx.tenantId}`.execute(ctx.tx)
  record(ctx, {
    action: 'company.changed',
    subject: { kind: 'company', id: ctx.tenantId },
    details: { fields: Object.keys(input) },
  })
  announce(ctx, { type: 'company.changed', subject: { kind: 'company', id: ctx.tenantId }, payload: {} })
}

async function moveTo(ctx: Context, slug: string): Promise<void> {
  const { rows } = await sql<{
    tenant_id: string
  }>`select tenant_id from tenant_directory where slug = ${slug} for update`.execute(ctx.tx)
  if (rows[0] && rows[0].tenant_id !== ctx.tenantId) {
    throw invalidField('body.slug', { ja: 'このアドレスは使われています。', en: 'This address is in use.' })
  }
  await sql`update tenant_directory set slug = ${slug} where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
}
