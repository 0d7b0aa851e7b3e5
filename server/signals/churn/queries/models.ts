import { type RawBuilder, sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import type { ModelReport } from '../../../platform/learning/contract.ts'
import { type Metrics, metricsOf } from '../../metrics/queries/definitions.ts'
import type { Algorithm, getChurnModel, listChurnModels } from '../contract/models.ts'
import type { ChurnSettings } from '../contract/settings.ts'
import { categories } from '../features.ts'

export type ModelLine = RouteReply<typeof listChurnModels>['items'][number]

/** Versions that the list shows. */
const mostListed = 100

function modelJson(ctx: Context): RawBuilder<unknown> {
  const figure = (key: string) =>
    sql`(select (method->>${key})::float8 from jsonb_array_elements(r.report->'methods') method where method->>'name' = 'model')`
  return sql`json_build_object('id', m.id, 'version', m.version, 'state', m.state, 'algorithm', m.algorithm,
    'horizonDays', (m.settings->>'horizonDays')::int, 'rows', m.rows, 'positives', m.positives, 'auc', ${figure('auc')}, 'brier', ${figure('brier')},
    'stage', m.stage, 'progress', m.progress, 'cancelling', m.cancelling, 'fault', m.fault,
    'requestedBy', ${memberName(ctx, sql`m.requested_by`)}, 'createdAt', m.created_at, 'trainedAt', m.trained_at, 'liveAt', m.live_at)`
}

function lines(ctx: Context, where: RawBuilder<unknown>) {
  return sql<{ item: ModelLine }>`
    select ${modelJson(ctx)} as item from churn_model m
    left join churn_model_content r on r.tenant_id = ${ctx.tenantId} and r.model_id = m.id and r.algorithm = m.algorithm
    where m.tenant_id = ${ctx.tenantId} and ${where} order by m.version desc limit ${mostListed}`.execute(ctx.tx)
}

export async function listModels(ctx: Context): Promise<{ items: ModelLine[] }> {
  requirePermission(ctx, 'customers.read')
  const { rows } = await lines(ctx, sql`true`)
  return { items: rows.map(({ item }) => item) }
}

/** Versions in one of the states, the latest first. */
export async function modelsIn(ctx: Context, states: readonly ModelLine['state'][]): Promise<ModelLine[]> {
  const { rows } = await lines(ctx, sql`m.state = any(${states}::text[])`)
  return rows.map(({ item }) => item)
}

/** @throws AppError `not_found` */
export async function modelLineOf(ctx: Context, id: string): Promise<ModelLine> {
  requirePermission(ctx, 'customers.read')
  const { rows } = await lines(ctx, sql`m.id = ${id}`)
  if (!rows[0]) throw notFound()
  return rows[0].item
}

/** One version with its reports. @throws AppError `not_found` */
export async function getModel(ctx: Context, id: string): Promise<RouteReply<typeof getChurnModel>> {
  const line = await modelLineOf(ctx, id)
  const metrics = await metricsOf(ctx)
  const { rows } = await sql<{ settings: ChurnSettings; seed: number; days: string[]; refused: Refused[] }>`
    select settings, seed, days::text[] as days, refused from churn_model where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  )
  const reports = await sql<{ algorithm: Algorithm; report: ModelReport }>`
    select algorithm, report from churn_model_content where tenant_id = ${ctx.tenantId} and model_id = ${id}`.execute(
    ctx.tx,
  )
  const reportOf = (algorithm: Algorithm) => reports.rows.find(row => row.algorithm === algorithm)?.report ?? null
  const { settings, seed, days, refused } = rows[0]!
  const names = new Set(reports.rows.flatMap(({ report }) => report.importance.map(({ feature }) => feature)))
  return {
    ...line,
    settings,
    seed,
    days,
    refused: refused.map(each => ({ ...each, auc: each.auc ?? null, words: featureWords(metrics, each.name) })),
    reports: { forest: reportOf('forest'), boosting: reportOf('boosting') },
    features: [...names].map(name => ({
      name,
      words: featureWords(metrics, name),
      unit: metrics.get(name)?.definition.unit ?? null,
    })),
  }
}

interface Refused {
  name: string
  reason: 'leak' | 'identifier' | 'constant' | 'empty'
  auc?: number
}

/** What a feature is called; its key where the metric is gone. */
export function featureWords(metrics: Metrics, name: string): Words {
  return (
    metrics.get(name)?.definition.words ?? categories.find(each => each.name === name)?.words ?? { ja: name, en: name }
  )
}

/** The version that serves, if any. */
export interface LiveModel {
  id: string
  version: number
  algorithm: Algorithm
  settings: ChurnSettings
  report: ModelReport
  live_at: Date
}

/** The version that serves. */
export async function liveModel(ctx: Pick<Context, 'tenantId' | 'tx'>): Promise<LiveModel | undefined> {
  const { rows } = await sql<LiveModel>`
    select m.id, m.version, m.algorithm, m.settings, r.report, m.live_at from churn_model m
    join churn_model_content r on r.tenant_id = ${ctx.tenantId} and r.model_id = m.id and r.algorithm = m.algorithm
    where m.tenant_id = ${ctx.tenantId} and m.state = 'live'`.execute(ctx.tx)
  return rows[0]
}

/** The score from which on customers are warned of: the company's own, else what the model proposes. */
export function thresholdOf(settings: ChurnSettings, live: Pick<LiveModel, 'report'> | undefined): number {
  return settings.threshold ?? live?.report.threshold ?? settings.bands[0]!.from
}
