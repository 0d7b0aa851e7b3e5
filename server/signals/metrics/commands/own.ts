import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import type { OwnDefinition, OwnMetricInput, RowFilter } from '../contract.ts'
import { definedMetric, metricsOf } from '../queries/definitions.ts'
import { ownFields, ownMetricsOf } from '../queries/own.ts'
import { ownPreview } from '../queries/preview.ts'
import { metricUses } from '../queries/uses.ts'
import { computeAllJob } from './follow.ts'

const most = 200

/** Defines a metric. Its figures are worked out at once, in the background. @returns its id */
export async function createOwnMetric(ctx: Context, input: OwnMetricInput): Promise<string> {
  requirePermission(ctx, 'attributes.manage')
  const known = await ownMetricsOf(ctx)
  if (known.some(({ key }) => key === input.key)) {
    throw invalidField('body.key', {
      ja: `キー「${input.key}」は使われています。`,
      en: `The key "${input.key}" is taken.`,
    })
  }
  if (known.length >= most) {
    throw new AppError('conflict', {
      ja: `独自の指標は${most}個までです。使っていないものを削除してください。`,
      en: `A company has at most ${most} metrics of its own. Delete those that nobody uses.`,
    })
  }
  await checkDefinition(ctx, input.definition)
  const id = uuidv7()
  await sql`
    insert into own_metric (tenant_id, id, key, label_ja, label_en, description, unit, direction, definition, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${input.key}, ${input.labelJa}, ${input.labelEn}, ${input.description}, ${input.unit},
      ${input.direction}, ${JSON.stringify(input.definition)}::jsonb, ${ctx.now}, ${ctx.now})`.execute(ctx.tx)
  record(ctx, { action: 'metric.created', subject: { kind: 'metric', id }, details: { key: input.key } })
  recompute(ctx)
  return id
}

/** Changes a metric; figures of past days are those of the former definition until they are rebuilt. */
export async function updateOwnMetric(ctx: Context, id: string, input: Omit<OwnMetricInput, 'key'>): Promise<void> {
  requirePermission(ctx, 'attributes.manage')
  await checkDefinition(ctx, input.definition)
  const { numAffectedRows } = await sql`
    update own_metric set label_ja = ${input.labelJa}, label_en = ${input.labelEn}, description = ${input.description},
      unit = ${input.unit}, direction = ${input.direction}, definition = ${JSON.stringify(input.definition)}::jsonb, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (numAffectedRows === 0n) throw notFound()
  record(ctx, { action: 'metric.changed', subject: { kind: 'metric', id } })
  recompute(ctx)
}

/** @throws AppError `conflict` that names what uses it */
export async function deleteOwnMetric(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'attributes.manage')
  const own = (await ownMetricsOf(ctx)).find(each => each.id === id)
  if (!own) throw notFound()
  const uses = (await metricUses(ctx)).get(own.key) ?? []
  if (uses.length > 0) {
    const names = uses
      .slice(0, 5)
      .map(({ name }) => name)
      .join(', ')
    throw new AppError('conflict', {
      ja: `この指標は使われています（${names}）。先にそちらを変更してください。`,
      en: `This metric is in use (${names}). Change that first.`,
    })
  }
  await sql`delete from own_metric where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'metric.deleted', subject: { kind: 'metric', id }, details: { key: own.key } })
}

function recompute(ctx: Context): void {
  enqueue(ctx, { name: computeAllJob, payload: {}, key: 'all' })
}

/** Works a definition out without keeping it. */
export async function previewOwnMetric(ctx: Context, definition: OwnDefinition) {
  requirePermission(ctx, 'attributes.manage')
  await checkDefinition(ctx, definition)
  return ownPreview(ctx, definition)
}

/** @throws AppError `invalid_input` that says what of it does not fit */
async function checkDefinition(ctx: Context, definition: OwnDefinition): Promise<void> {
  if (definition.kind === 'ratio') {
    const metrics = await metricsOf(ctx)
    for (const name of ['of', 'per'] as const) {
      const { definition: part } = definedMetric(metrics, definition[name])
      if (part.key.startsWith('own.') && 'of' in part) {
        throw invalidField(`body.definition.${name}`, {
          ja: '比率から比率を作ることはできません。',
          en: 'A ratio cannot be made of another ratio of your own.',
        })
      }
    }
    return
  }
  if (definition.kind === 'events') {
    if (definition.measure === 'sum' && !definition.property) {
      throw invalidField('body.definition.property', {
        ja: '合計するプロパティを指定してください。',
        en: 'Say which property is summed.',
      })
    }
    if (['coverage', 'rate'].includes(definition.measure) && definition.events.length === 0) {
      throw invalidField('body.definition.events', {
        ja: '対象のイベントを1つ以上指定してください。',
        en: 'Name at least one event.',
      })
    }
    for (const [place, filter] of definition.where.entries()) checkValue(filter, `body.definition.where.${place}`)
    return
  }
  const fields = ownFields(definition.record)
  const needsField = ['sum', 'mean', 'distinct'].includes(definition.measure)
  if (needsField) {
    const field =
      definition.field === undefined || !Object.hasOwn(fields, definition.field) ? undefined : fields[definition.field]
    const isNumber = field?.type === 'number' || field?.type === 'integer'
    if (!field || (definition.measure !== 'distinct' && !isNumber))
      throw unknownField('body.definition.field', fields, definition.field)
  }
  for (const list of ['where', 'meeting'] as const) {
    for (const [place, filter] of definition[list].entries()) {
      const path = `body.definition.${list}.${place}`
      if (!Object.hasOwn(fields, filter.field)) throw unknownField(`${path}.field`, fields, filter.field)
      checkValue(filter, path)
    }
  }
}

function checkValue({ op, value }: RowFilter, path: string): void {
  if (op === 'is_set' || op === 'is_empty') return
  const fits = op === 'at_least' || op === 'at_most' ? typeof value === 'number' : value !== undefined
  if (!fits)
    throw invalidField(`${path}.value`, { ja: '比べる値を指定してください。', en: 'Give the value to compare with.' })
}

function unknownField(path: string, fields: object, given: string | undefined): AppError {
  const names = Object.keys(fields).join(', ')
  return invalidField(path, {
    ja: `項目「${given?.slice(0, 60) ?? ''}」は使えません。使えるのは ${names} です。`,
    en: `The field "${given?.slice(0, 60) ?? ''}" does not go here; use one of ${names}.`,
  })
}

/** Changes for how long figures are kept; what is older goes with the next night. */
export async function changeKeeping(
  ctx: Context,
  keeping: { dailyDays: number; weeklyDays: number; monthlyDays: number },
): Promise<void> {
  requirePermission(ctx, 'attributes.manage')
  await sql`
    insert into figures_state (tenant_id, daily_days, weekly_days, monthly_days, updated_at)
    values (${ctx.tenantId}, ${keeping.dailyDays}, ${keeping.weeklyDays}, ${keeping.monthlyDays}, ${ctx.now})
    on conflict (tenant_id) do update set daily_days = excluded.daily_days, weekly_days = excluded.weekly_days,
      monthly_days = excluded.monthly_days, updated_at = excluded.updated_at`.execute(ctx.tx)
  record(ctx, { action: 'metric.keeping_changed', details: keeping })
}
