import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import type { Metrics } from '../../metrics/queries/definitions.ts'
import { placesOf } from '../../metrics/queries/places.ts'
import { signalsOf } from '../../risks/queries/signals.ts'
import type { getCustomerChurn } from '../contract/predictions.ts'
import type { Part } from '../factors.ts'
import { factorWords } from '../words.ts'
import { featureWords } from './models.ts'

type Factor = RouteReply<typeof getCustomerChurn>['factors'][number]

/** What factors are called, and how they were four weeks ago. */
export interface FactorReader {
  metrics: Metrics
  currency: string
  before: (feature: string) => number | null
  signals: ReadonlyMap<string, Words>
}

/** A part of a chance in words. */
export function factorOf({ metrics, currency, before, signals }: FactorReader, { feature, value, part }: Part): Factor {
  const signal = feature.startsWith('signal:') ? signals.get(feature.slice('signal:'.length)) : undefined
  const name = signal ?? featureWords(metrics, feature)
  const definition = metrics.get(feature)?.definition
  const unit = definition?.unit ?? null
  const direction = definition?.direction ?? 'neither'
  const then = before(feature)
  return {
    feature,
    name,
    value,
    before: then,
    part: part * 100,
    words: signal ?? factorWords({ name, unit, currency, value, before: then, direction, raises: part > 0 }),
  }
}

/** The figures of customers about four weeks ago, by customer and key. */
export async function figuresBefore(
  ctx: Context,
  customers: readonly string[],
): Promise<Map<string, (key: string) => number | null>> {
  const places = await placesOf(ctx)
  const { rows } = await sql<{ id: string; figures: (number | null)[] }>`
    select asked.id, kept.figures from unnest(${customers}::uuid[]) as asked (id)
    cross join lateral (
      select d.figures from figures_daily d where d.tenant_id = ${ctx.tenantId} and d.customer_id = asked.id
        and d.day <= ${ctx.now}::timestamptz::date - 28 and d.day > ${ctx.now}::timestamptz::date - 60 order by d.day desc limit 1) kept`.execute(
    ctx.tx,
  )
  return new Map(rows.map(({ id, figures }) => [id, key => figures[(places.get(key) ?? 0) - 1] ?? null]))
}

/** The names of the company's signals by key. */
export async function signalNames(ctx: Context): Promise<ReadonlyMap<string, Words>> {
  return new Map((await signalsOf(ctx)).map(({ key, name_ja: ja, name_en: en }) => [key, { ja, en }]))
}
