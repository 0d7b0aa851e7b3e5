import { sql } from 'kysely'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import type { Column, Table } from '../../../platform/learning/table.ts'
import { type Metrics, metricsOf } from '../../metrics/queries/definitions.ts'
import { ruleEvidence } from '../../risks/queries/rule-risk.ts'
import { bandOf } from '../band.ts'
import { actionsFor } from '../catalog.ts'
import type { getCustomerChurn, simulateCustomerChurn } from '../contract/predictions.ts'
import { figureOf, leadingParts, type Part } from '../factors.ts'
import { type FactorReader, factorOf, figuresBefore, signalNames } from './factors.ts'
import { featureWords, type LiveModel, liveModel, thresholdOf } from './models.ts'
import { customersNow } from './observations.ts'
import { predictionOf } from './predictions.ts'
import { type Served, servedModel } from './served.ts'
import { settingsOf } from './settings.ts'

type Reply = RouteReply<typeof getCustomerChurn>

/** Factors that are told, in each direction (CHN-2). */
const told = 3
/** Features that a what-if offers: those that the model looks at most. */
const mostSimulable = 12

/** A customer's chance of leaving, with reasons. @throws AppError `not_found` for one that is not judged or not there */
export async function customerChurn(ctx: Context, id: string): Promise<Reply> {
  const settings = await settingsOf(ctx)
  const found = await predictionOf(ctx, id)
  if (!found) throw notFound()
  const { factors: stored, ...line } = found
  const live = await liveModel(ctx)
  const metrics = await metricsOf(ctx)
  const before = (await figuresBefore(ctx, [id])).get(id) ?? (() => null)
  const reader: FactorReader = {
    metrics,
    currency: line.currency,
    before,
    signals: await signalNames(ctx),
  }
  const seen = line.basis === 'model' && live ? await seenBy(ctx, live, id) : undefined
  const judged = seen && judge(seen.served, seen.table)
  const parts = judged?.parts ?? stored
  const factors = parts
    .filter(({ part }) => part > 0)
    .slice(0, told)
    .map(part => factorOf(reader, part))
  const protective = parts
    .filter(({ part }) => part < 0)
    .slice(0, told)
    .map(part => factorOf(reader, part))
  const listed = [...factors, ...protective].reduce((sum, { part }) => sum + part, 0)
  return {
    ...line,
    factors,
    protective,
    threshold: thresholdOf(settings, live),
    base: judged ? judged.base * 100 : null,
    rest: judged ? (judged.probability - judged.base) * 100 - listed : null,
    actions: actionsFor(factors).map(({ words, because }) => ({ words, because: because.words })),
    history: await historyOf(ctx, id),
    model: live && judged ? { id: live.id, version: live.version, horizonDays: live.settings.horizonDays } : null,
    evidence: line.basis === 'rules' ? await evidenceOf(ctx, settings.horizonDays) : null,
    simulable: judged && live ? simulable(metrics, live, judged.table) : [],
  }
}

/** On how much of the company's own history scores by rules rest. */
async function evidenceOf(ctx: Context, days: number): Promise<{ customers: number; left: number }> {
  const { customers, left } = await ruleEvidence(ctx, days)
  return { customers, left }
}

async function historyOf(ctx: Context, id: string): Promise<Reply['history']> {
  const { rows } = await sql<Reply['history'][number]>`
    select d.day::text as day, d.score, d.band, d.basis, m.version from churn_score_daily d
    left join churn_model m on m.tenant_id = ${ctx.tenantId} and m.id = d.model_id
    where d.tenant_id = ${ctx.tenantId} and d.customer_id = ${id} order by d.day desc limit 400`.execute(ctx.tx)
  return rows.reverse()
}

interface Judged {
  table: Table
  probability: number
  base: number
  parts: Part[]
}

/** The model's view of a customer now, and the customer as a table; undefined where it is left out. */
async function seenBy(
  ctx: Context,
  live: LiveModel,
  id: string,
): Promise<{ served: Served; table: Table } | undefined> {
  const served = await servedModel(ctx, live)
  const rows = await customersNow(ctx, await settingsOf(ctx), { places: served.places, only: [id] })
  return rows.length === 0 ? undefined : { served, table: served.tableOf(rows) }
}

function judge({ model, features }: Served, table: Table): Judged {
  const { base, columns } = model.explain(table, Int32Array.of(0))
  const { probability } = model.predict(table)
  const added = columns.map(column => column[0]!)
  return { table, probability: probability[0]!, base, parts: leadingParts(table, 0, features, added, told) }
}

/** What a what-if may change: the features that count most, as they are, and where other customers lie. */
function simulable(metrics: Metrics, { report }: LiveModel, table: Table): Reply['simulable'] {
  return report.importance.slice(0, mostSimulable).flatMap(({ feature }) => {
    const column = table.columns.find(({ name }) => name === feature)
    const spread = report.spread.find(each => each.feature === feature)
    if (!column || !spread) return []
    const isNumber = column.kind === 'number'
    const ends = isNumber ? tenths(spread.edges as number[], spread.shares) : undefined
    return [
      {
        feature,
        name: featureWords(metrics, feature),
        unit: metrics.get(feature)?.definition.unit ?? null,
        value: figureOf(table, feature, 0),
        choices: isNumber ? null : (spread.edges as string[]),
        low: ends?.[0] ?? null,
        high: ends?.[1] ?? null,
      },
    ]
  })
}

/** Where a tenth of the customers lie below, and a tenth above, from the shares of bins. */
function tenths(edges: readonly number[], shares: readonly number[]): [number, number] | undefined {
  if (edges.length === 0) return undefined
  const known = 1 - shares.at(-1)!
  const at = (wanted: number) => {
    let sum = 0
    for (const [place, edge] of edges.entries()) {
      sum += shares[place]!
      if (sum >= wanted * known) return edge
    }
    return edges.at(-1)!
  }
  return [at(0.1), at(0.9)]
}

/** What the model would say if some features were others. @throws AppError where no model judges the customer */
export async function simulateChurn(
  ctx: Context,
  id: string,
  { changes }: { changes: { feature: string; value: number | string | null }[] },
): Promise<RouteReply<typeof simulateCustomerChurn>> {
  const scope = requirePermission(ctx, 'customers.read')
  const { rows } = await sql<{ currency: string }>`
    select c.currency from customer c where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and c.merged_into is null and ${withinReach(ctx, scope)}`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  const live = await liveModel(ctx)
  const found = live && (await seenBy(ctx, live, id))
  if (!found) {
    throw new AppError('conflict', {
      ja: 'この顧客は、モデルによる予測の対象ではありません。',
      en: 'No model judges this customer.',
    })
  }
  const columns = found.table.columns.map((column): Column => {
    const change = changes.find(({ feature }) => feature === column.name)
    return change ? changed(column, change.value) : column
  })
  const unknown = changes.findIndex(({ feature }) => !found.table.columns.some(({ name }) => name === feature))
  if (unknown >= 0) {
    throw invalidField(`body.changes.${unknown}.feature`, {
      ja: 'モデルが使っている項目の中から選んでください。',
      en: 'Choose one of the features that the model uses.',
    })
  }
  const settings = await settingsOf(ctx)
  const [before, after] = [judge(found.served, found.table), judge(found.served, { rows: 1, columns })]
  const reader: FactorReader = {
    metrics: await metricsOf(ctx),
    currency: rows[0].currency,
    before: () => null,
    signals: new Map(),
  }
  return {
    before: before.probability * 100,
    after: after.probability * 100,
    band: bandOf(settings.bands, after.probability * 100).key,
    factors: after.parts.filter(({ part }) => part > 0).map(part => factorOf(reader, part)),
    protective: after.parts.filter(({ part }) => part < 0).map(part => factorOf(reader, part)),
  }
}

function changed(column: Column, value: number | string | null): Column {
  if (column.kind === 'number') {
    return { ...column, values: Float64Array.of(typeof value === 'number' ? value : Number.NaN) }
  }
  if (typeof value !== 'string') return { ...column, codes: Int32Array.of(-1) }
  return { ...column, codes: Int32Array.of(0), levels: [value] }
}
