import { sql } from 'kysely'
import { type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import type { UpsellSettings } from '../contract/settings.ts'
import { findJob } from './find.ts'

/** Keeps plans and prices; opportunities are looked for anew by them. @throws AppError `invalid_input` for a plan named twice */
export async function putUpsellSettings(ctx: Context, settings: UpsellSettings): Promise<void> {
  requirePermission(ctx, 'tiers.manage')
  const names = settings.plans.map(({ name }) => name.toLowerCase())
  const twice = names.findIndex((name, place) => names.indexOf(name) !== place)
  if (twice >= 0) {
    throw invalidField(`body.plans.${twice}.name`, {
      ja: '同じ名前のプランがあります。別の名前を入力してください。',
      en: 'There is a plan of this name already. Choose another name.',
    })
  }
  await sql`
    insert into upsell_settings (tenant_id, settings, updated_at) values (${ctx.tenantId}, ${JSON.stringify(settings)}::jsonb, ${ctx.now})
    on conflict (tenant_id) do update set settings = excluded.settings, updated_at = excluded.updated_at`.execute(
    ctx.tx,
  )
  record(ctx, { action: 'upsell.settings_changed', details: { plans: settings.plans.map(({ name }) => name) } })
  enqueue(ctx, { name: findJob, payload: {}, key: 'find' })
}
