import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { OwnDefinition } from '../contract.ts'
import { calendarOf } from './as-of.ts'
import { type Defined, metricsOf } from './definitions.ts'
import { ownMetric } from './own.ts'
import { statementOf } from './statement.ts'

const key = 'own.preview'
/** Longer than this nobody waits for a preview (ms). */
const patience = 8_000

interface Spread {
  customers: number
  withValue: number
  minimum: number | null
  median: number | null
  maximum: number | null
  samples: { id: string; name: string; value: number | null }[]
}

/** Works a definition out for every customer: how many have a value, how the values spread, ten of them. */
export async function ownPreview(ctx: Context, definition: OwnDefinition): Promise<Spread> {
  const made = ownMetric({
    key,
    label_ja: '',
    label_en: '',
    description: null,
    unit: 'count',
    direction: 'neither',
    definition,
  })
  const defined: Defined =
    'rows' in made ? { definition: made.metrics[0]!, source: made } : { definition: made, source: undefined }
  const metrics = new Map([...(await metricsOf(ctx)), [key, defined]])
  const statement = statementOf(ctx, metrics, await calendarOf(ctx), { keys: [key] })
  await sql`set local statement_timeout = ${sql.lit(patience)}`.execute(ctx.tx)
  const column = sql.id('m', key)
  const { rows } = await sql<{ spread: Spread }>`
    with m as materialized (${statement})
    select json_build_object('customers', count(*), 'withValue', count(${column}), 'minimum', min(${column}),
      'median', percentile_cont(0.5) within group (order by ${column}), 'maximum', max(${column}),
      'samples', (select coalesce(json_agg(s), '[]') from (
        select c.id, c.name, ${column} as value from m join customer c on c.tenant_id = ${ctx.tenantId} and c.id = m.customer_id
        order by ${column} desc nulls last, c.name, c.id limit 10) s)) as spread
    from m`
    .execute(ctx.tx)
    .catch(error => {
      if ((error as { code?: string }).code !== '57014') throw error
      throw new AppError('invalid_input', {
        ja: '計算に時間がかかりすぎます。期間を短くするか、イベントを絞り込んでください。',
        en: 'This takes too long to work out. Choose fewer days or name the events.',
      })
    })
  await sql`set local statement_timeout = default`.execute(ctx.tx)
  return rows[0]!.spread
}
