import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../catalog/conditions/contract.ts'
import { loadRecords } from '../../catalog/conditions/queries/load.ts'
import { compileWith } from '../../catalog/conditions/queries/sql.ts'
import { vocabularyOf } from '../../catalog/conditions/queries/vocabulary.ts'
import { explanationOf } from '../../catalog/conditions/queries/why.ts'
import { type Context, requirePermission } from '../../platform/context/context.ts'
import type { RecordKind } from '../../platform/context/vocabulary.ts'
import { AppError, notFound } from '../../platform/errors/app-error.ts'
import { withinReach } from '../accounts/queries/reach.ts'

/** Names of events that are offered; the rest is the long tail. */
const mostEvents = 500
/** Longer than this nobody waits for a count (ms). */
const patience = 5_000

/** What conditions may name. */
export async function vocabularyFor(ctx: Context, record: RecordKind) {
  const { fields, today } = await vocabularyOf(ctx)
  const { rows: events } = await sql<{ name: string; count: number }>`
    select u.feature as name, sum(u.events)::float8 as count from usage_daily u
    where u.tenant_id = ${ctx.tenantId} and u.day > ${today}::date - 90
    group by u.feature order by 2 desc, 1 limit ${mostEvents}`.execute(ctx.tx)
  return {
    fields: [...fields[record].values()].map(({ id, words, kind, group, unit, choices }) => ({
      id,
      words,
      kind,
      group,
      unit: unit ?? null,
      choices: choices ? [...choices] : null,
    })),
    events,
  }
}

/** A condition on `c`: the actor may see it. */
function visible(ctx: Context, record: RecordKind): RawBuilder<unknown> {
  const scope = requirePermission(ctx, 'customers.read')
  if (scope === 'all') return sql`true`
  if (record === 'customer') return withinReach(ctx, scope)
  return sql`(c.customer_id is null or c.customer_id in (
    select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${withinReach(ctx, scope)}))`
}

/**
 * How many records meet a condition now, and ten of them.
 * @throws AppError `invalid_input` for a condition that cannot be read, or that takes too long
 */
export async function previewOf(ctx: Context, record: RecordKind, condition: Condition) {
  const { joins, where } = compileWith(await vocabularyOf(ctx, condition), ctx, record, condition)
  const begin = performance.now()
  await sql`set local statement_timeout = ${sql.lit(patience)}`.execute(ctx.tx)
  const table = sql.table(record)
  const { rows } = await sql<{ count: number; total: number; samples: { id: string; name: string }[] }>`
    with matching as materialized (
      select c.id, c.name from ${table} c ${joins}
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${visible(ctx, record)} and ${where})
    select (select count(*)::int from matching) as count,
      (select count(*)::int from ${table} c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${visible(ctx, record)}) as total,
      (select coalesce(json_agg(s), '[]') from (select id, name from matching order by name, id limit 10) s) as samples`
    .execute(ctx.tx)
    .catch(error => {
      if ((error as { code?: string }).code !== '57014') throw error
      throw new AppError('invalid_input', {
        ja: '計算に時間がかかりすぎます。期間を短くするか、条件を絞り込んでください。',
        en: 'This takes too long to count. Choose fewer days, or narrow it down.',
      })
    })
  return { ...rows[0]!, milliseconds: Math.round(performance.now() - begin) }
}

/** Why a record meets a condition, or why not. @throws AppError `not_found` */
export async function whyOf(ctx: Context, record: RecordKind, id: string, condition: Condition) {
  const vocabulary = await vocabularyOf(ctx, condition)
  // Refuses what cannot be compiled, in the same words.
  compileWith(vocabulary, ctx, record, condition)
  const { rows } = await sql`
    select 1 from ${sql.table(record)} c
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and c.merged_into is null and ${visible(ctx, record)}`.execute(
    ctx.tx,
  )
  const loaded = rows.length > 0 && (await loadRecords(ctx, vocabulary, record, [id], condition)).get(id)
  if (!loaded) throw notFound()
  return explanationOf(vocabulary, record, condition, loaded)
}
