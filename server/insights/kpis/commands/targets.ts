import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { invalidField, notFound } from '../../../platform/errors/app-error.ts'
import type { targetBounds } from '../contract.ts'
import { definedKpi, shownTarget } from '../queries/kpis.ts'
import { fiscalYear, targetsOf } from '../queries/targets.ts'

interface TargetWish {
  bound?: (typeof targetBounds)[number]
  steps: readonly number[]
  /** YYYY-MM-DD; the first day of the present fiscal year without it. */
  startsOn?: string
  responsibleId: string | null
}

/**
 * Sets what a KPI is to reach.
 * @throws AppError `not_found` for a KPI, `invalid_input` for a member that there is not
 */
export async function setTarget(ctx: Context, key: string, wish: TargetWish) {
  requirePermission(ctx, 'kpis.manage')
  const { direction } = definedKpi(key)
  if (wish.responsibleId) {
    const { rows } = await sql`
      select 1 from member m where m.tenant_id = ${ctx.tenantId} and m.id = ${wish.responsibleId}`.execute(ctx.tx)
    if (rows.length === 0) {
      throw invalidField('body.responsibleId', {
        ja: '責任者に指定したメンバーが見つかりません。一覧から選び直してください。',
        en: 'The member who is to answer for it was not found. Choose one of the list.',
      })
    }
  }
  const before = (await targetsOf(ctx)).get(key)
  const id = before?.id ?? uuidv7()
  const bound = wish.bound ?? (direction === 'down' ? 'at_most' : 'at_least')
  await sql`
    insert into kpi_target (tenant_id, id, kpi, bound, steps, starts_on, responsible_id, created_at, updated_at)
    select company.id, ${id}, ${key}, ${bound}, ${wish.steps}::float8[],
      coalesce(${wish.startsOn ?? null}::date, ${fiscalYear(ctx)}),
      ${wish.responsibleId}::uuid, ${ctx.now}, ${ctx.now}
    from tenant company where company.id = ${ctx.tenantId}
    on conflict (tenant_id, kpi) do update set bound = excluded.bound, steps = excluded.steps, starts_on = excluded.starts_on,
      responsible_id = excluded.responsible_id, updated_at = excluded.updated_at`.execute(ctx.tx)
  const target = (await targetsOf(ctx)).get(key)!
  const subject = { kind: 'kpi_target', id: target.id }
  record(ctx, {
    action: 'kpi_target.set',
    subject,
    details: { kpi: key, bound, steps: [...wish.steps], before: before?.steps ?? null },
  })
  announce(ctx, { type: 'kpi_target.changed', subject, payload: { kpi: key } })
  return shownTarget(target)
}

/** Takes the target of a KPI away. @throws AppError `not_found` where there is none */
export async function removeTarget(ctx: Context, key: string): Promise<void> {
  requirePermission(ctx, 'kpis.manage')
  const { rows } = await sql<{ id: string }>`
    delete from kpi_target where tenant_id = ${ctx.tenantId} and kpi = ${definedKpi(key).key} returning id`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  const subject = { kind: 'kpi_target', id: rows[0].id }
  record(ctx, { action: 'kpi_target.removed', subject, details: { kpi: key } })
  announce(ctx, { type: 'kpi_target.changed', subject, payload: { kpi: key } })
}
