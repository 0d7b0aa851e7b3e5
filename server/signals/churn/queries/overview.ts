import { sql } from 'kysely'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { metricsOf } from '../../metrics/queries/definitions.ts'
import type { churnOverview, churnReasons } from '../contract/models.ts'
import { featureWords, type LiveModel, liveModel, modelsIn, thresholdOf } from './models.ts'
import { readinessOf } from './readiness.ts'
import { settingsOf } from './settings.ts'

type Overview = RouteReply<typeof churnOverview>

/** A model that is older than this is due for a new training (days). */
const oldAfter = 92
/** Stability indexes from which on a new training is proposed, and that are told. */
const largeDrift = 0.25
const toldFeatures = 8

/** What serves, and how customers are spread over the bands. */
export async function overviewOf(ctx: Context): Promise<Overview> {
  const scope = requirePermission(ctx, 'customers.read')
  const settings = await settingsOf(ctx)
  const live = await liveModel(ctx)
  const threshold = thresholdOf(settings, live)
  const [liveLine] = await modelsIn(ctx, ['live'])
  const [training] = await modelsIn(ctx, ['training'])
  const [waiting] = await modelsIn(ctx, ['ready'])
  // It reads whole histories: only for those whom it tells something, not with each look at a training that runs.
  const readiness = live || training ? null : await readinessOf(ctx, settings)
  const { rows } = await sql<{ item: Spread }>`
    with seen as materialized (
      select p.*, c.arr_order as arr, (select d.band from churn_score_daily d where d.tenant_id = ${ctx.tenantId} and d.customer_id = c.id
          and d.day between ${today(ctx)} - 21 and ${today(ctx)} - 7 order by d.day desc limit 1) as band_before
      from churn_prediction p join customer c on c.tenant_id = ${ctx.tenantId} and c.id = p.customer_id
      where p.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${withinReach(ctx, scope)})
    select json_build_object('customers', count(*), 'warned', count(*) filter (where score >= ${threshold}),
      'predictedAt', max(predicted_at), 'expected', coalesce(sum(probability) filter (where basis = 'model'), 0),
      'arrAtRisk', coalesce(sum(arr * probability), 0), 'medianArr', percentile_cont(0.5) within group (order by arr) filter (where arr > 0),
      'held', json_build_object('no_model', count(*) filter (where held = 'no_model'), 'young', count(*) filter (where held = 'young'),
        'no_usage', count(*) filter (where held = 'no_usage')),
      'bands', (select json_agg(json_build_object('key', b.item->>'key', 'customers', (select count(*) from seen s where s.band = b.item->>'key'),
          'arr', (select coalesce(sum(s.arr), 0) from seen s where s.band = b.item->>'key'),
          'before7', (select count(*) from seen s where s.band_before = b.item->>'key')) order by b.place)
        from jsonb_array_elements(${JSON.stringify(settings.bands)}::jsonb) with ordinality b (item, place)),
      'currency', (select t.currency from tenant t where t.id = ${ctx.tenantId})) as item from seen`.execute(ctx.tx)
  const drift = live ? await driftOf(ctx, live) : null
  return {
    live: liveLine ?? null,
    training: training ?? null,
    waiting: waiting && (!liveLine || waiting.version > liveLine.version) ? waiting : null,
    readiness,
    threshold,
    ...rows[0]!.item,
    drift,
    retrain: dueBecause(ctx, live, drift, settings, readiness?.ready ?? false),
  }
}

type Spread = Pick<
  Overview,
  'customers' | 'warned' | 'predictedAt' | 'expected' | 'arrAtRisk' | 'medianArr' | 'held' | 'bands' | 'currency'
>

async function driftOf(ctx: Context, live: LiveModel): Promise<Overview['drift']> {
  const { rows } = await sql<{
    day: string
    stability: number
    features: { feature: string; index: number }[]
    judged: number
    left: number
    expected: number
  }>`
    select day::text as day, stability, features, judged, left_count as left, expected from churn_drift
    where tenant_id = ${ctx.tenantId} and model_id = ${live.id} order by day desc limit 1`.execute(ctx.tx)
  const [row] = rows
  if (!row) return null
  const metrics = await metricsOf(ctx)
  const features = row.features
    .sort((one, other) => other.index - one.index)
    .slice(0, toldFeatures)
    .map(({ feature, index }) => ({ name: feature, words: featureWords(metrics, feature), index }))
  return { ...row, features }
}

/** Why a new training is due. */
function dueBecause(
  ctx: Context,
  live: LiveModel | undefined,
  drift: Overview['drift'],
  settings: LiveModel['settings'],
  ready: boolean,
): Overview['retrain'] {
  if (!live) return ready ? ['first'] : []
  const reasons: Overview['retrain'] = []
  if (ctx.now.getTime() - live.live_at.getTime() > oldAfter * 86_400_000) reasons.push('age')
  if (drift && drift.stability >= largeDrift) reasons.push('drift')
  // More or fewer left than chance explains (two standard deviations of a count), and by a quarter.
  if (drift && drift.judged > 0) {
    const gap = Math.abs(drift.left - drift.expected)
    if (gap > 2 * Math.sqrt(Math.max(1, drift.expected)) && gap > drift.expected / 4) reasons.push('calibration')
  }
  const learned = ({ definition, horizonDays, exclude, minimumDays }: LiveModel['settings']) =>
    JSON.stringify([definition, horizonDays, exclude, minimumDays])
  if (learned(live.settings) !== learned(settings)) reasons.push('definition')
  return reasons
}

/** Recorded reasons of those who left in the last months. */
export async function reasonsOfLeaving(
  ctx: Context,
  { months }: { months: number },
): Promise<RouteReply<typeof churnReasons>> {
  const scope = requirePermission(ctx, 'customers.read')
  const { rows } = await sql<{ item: RouteReply<typeof churnReasons> }>`
    with gone as materialized (
      select c.churn_reason as reason, coalesce((
        select -sum(m.amount) * 12 from revenue_movement m where m.tenant_id = ${ctx.tenantId} and m.customer_id = c.id and m.kind = 'CHURN'), 0) as arr
      from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status = 'CHURNED'
        and c.churned_on > ${today(ctx)} - make_interval(months => ${months}) and ${withinReach(ctx, scope)})
    select json_build_object('left', (select count(*) from gone), 'withReason', (select count(reason) from gone),
      'items', (select coalesce(json_agg(r), '[]') from (
        select reason, count(*)::int as customers, sum(arr)::float8 as arr from gone where reason is not null
        group by reason order by 2 desc, 1 limit 10) r)) as item`.execute(ctx.tx)
  return rows[0]!.item
}
