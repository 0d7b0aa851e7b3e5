import { sql } from 'kysely'
import { conditionNeeds } from '../../../catalog/conditions/needs.ts'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import { type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import type { ChurnSettings } from '../contract/settings.ts'
import { predictJob } from '../events.ts'

/** Keeps the settings; everybody is judged anew by them. @throws AppError `invalid_input` for a condition that names churn */
export async function putSettings(ctx: Context, settings: ChurnSettings): Promise<void> {
  requirePermission(ctx, 'churn.manage')
  if (settings.exclude) {
    await compileCondition(ctx, 'customer', settings.exclude)
    if (
      conditionNeeds(settings.exclude, 'customer').fields.some(({ id }) => ['churnScore', 'churnRisk'].includes(id))
    ) {
      throw invalidField('body.exclude', {
        ja: '対象外の条件に、解約スコアは使えません。',
        en: 'Who is left out cannot depend on the churn score.',
      })
    }
  }
  await sql`
    insert into churn_settings (tenant_id, settings, updated_at) values (${ctx.tenantId}, ${JSON.stringify(settings)}::jsonb, ${ctx.now})
    on conflict (tenant_id) do update set settings = excluded.settings, updated_at = excluded.updated_at`.execute(
    ctx.tx,
  )
  record(ctx, {
    action: 'churn.settings_changed',
    details: {
      horizonDays: settings.horizonDays,
      threshold: settings.threshold,
      bands: settings.bands.map(({ key, from }) => `${key} ${from}`),
    },
  })
  enqueue(ctx, { name: predictJob, payload: { tenantId: ctx.tenantId }, key: 'all' })
}
