import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { FactKind, Reader } from '../../../platform/context/vocabulary.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import { readyMadeSignals } from '../catalog.ts'
import type { RiskLevel } from '../contract.ts'

export interface StoredSignal {
  id: string
  key: string
  name_ja: string
  name_en: string
  level: RiskLevel
  condition: Condition
  advice_ja: string
  advice_en: string
  state: 'enabled' | 'paused'
  facts: FactKind[]
  events: string[]
  judged: boolean
}

const columns = sql`s.id, s.key, s.name_ja, s.name_en, s.level, s.condition, s.advice_ja, s.advice_en, s.state, s.facts, s.events, s.judged`

/** The signals of a company, the gravest first. */
export async function signalsOf(reader: Pick<Reader, 'tenantId' | 'tx'>): Promise<StoredSignal[]> {
  const { rows } = await sql<StoredSignal>`
    select ${columns} from risk_signal s where s.tenant_id = ${reader.tenantId}
    order by ${byLevel}, s.created_at, s.id`.execute(reader.tx)
  return rows
}

/** One signal, locked for a change. @throws AppError `not_found` */
export async function lockSignal(ctx: Context, id: string): Promise<StoredSignal> {
  const { rows } = await sql<StoredSignal>`
    select ${columns} from risk_signal s where s.tenant_id = ${ctx.tenantId} and s.id = ${id} for update`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return rows[0]
}

const byLevel = sql`array_position(array['high', 'medium', 'low'], s.level)`

/** The times of signals, of customers that the actor may see and that are still there. */
function seen(ctx: Context): RawBuilder<unknown> {
  const scope = requirePermission(ctx, 'customers.read')
  return sql`select x.signal_id, x.customer_id, x.since, x.ended from customer_signal x
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = x.customer_id and c.merged_into is null and ${withinReach(ctx, scope)}
    where x.tenant_id = ${ctx.tenantId}`
}

function signalJson(ctx: Context): RawBuilder<string> {
  const before = sql`${ctx.now}::timestamptz - interval '30 days'`
  return sql`json_build_object('id', s.id, 'key', s.key, 'nameJa', s.name_ja, 'nameEn', s.name_en, 'level', s.level,
    'condition', s.condition, 'adviceJa', s.advice_ja, 'adviceEn', s.advice_en, 'state', s.state,
    'customers', (select count(*) from seen x where x.signal_id = s.id and x.ended is null),
    'customersBefore30', (select count(*) from seen x where x.signal_id = s.id and x.since <= ${before} and (x.ended is null or x.ended > ${before})),
    'came30', (select count(*) from seen x where x.signal_id = s.id and x.since > ${before}),
    'ended30', (select count(*) from seen x where x.signal_id = s.id and x.ended > ${before}),
    'judged', s.judged, 'events', s.events, 'evaluatedAt', s.evaluated_at, 'fault', s.fault,
    'createdAt', s.created_at, 'updatedAt', s.updated_at)`
}

/** Signals with how many customers show each. */
export async function listSignals(
  ctx: Context,
  { level, state }: { level?: string; state?: string },
): Promise<JsonText> {
  const holders = (of: RiskLevel) => sql`(select count(distinct x.customer_id) from seen x
    join risk_signal g on g.tenant_id = ${ctx.tenantId} and g.id = x.signal_id where x.ended is null and g.level = ${of})`
  const { rows } = await sql<{ item: string }>`
    with seen as materialized (${seen(ctx)})
    select json_build_object(
      'items', (select coalesce(json_agg(${signalJson(ctx)} order by ${byLevel}, s.created_at, s.id), '[]') from risk_signal s
        where s.tenant_id = ${ctx.tenantId} and s.level = coalesce(${level ?? null}, s.level) and s.state = coalesce(${state ?? null}, s.state)),
      'customers', json_build_object('high', ${holders('high')}, 'medium', ${holders('medium')}, 'low', ${holders('low')}),
      'readyMade', (select count(*) from unnest(${readyMadeSignals.map(({ key }) => key)}::text[]) shipped (key)
        where not exists (select 1 from risk_signal s where s.tenant_id = ${ctx.tenantId} and s.key = shipped.key)))::text as item`.execute(
    ctx.tx,
  )
  return new JsonText(rows[0]!.item)
}

/** @throws AppError `not_found` */
export async function getSignal(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    with seen as materialized (${seen(ctx)} and x.signal_id = ${id})
    select ${signalJson(ctx)}::text as item from risk_signal s where s.tenant_id = ${ctx.tenantId} and s.id = ${id}`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

/** Customers that show a signal, or at which it ended, the latest first. */
export async function signalCustomers(
  ctx: Context,
  id: string,
  { show, limit, cursor }: { show: 'open' | 'ended'; limit: number; cursor?: string },
): Promise<JsonText> {
  const { rows: known } = await sql`
    select 1 from risk_signal s where s.tenant_id = ${ctx.tenantId} and s.id = ${id}`.execute(ctx.tx)
  if (known.length === 0) throw notFound()
  const scope = requirePermission(ctx, 'customers.read')
  const after = readCursor(cursor, 2)
  const at = show === 'open' ? sql`x.since` : sql`x.ended`
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', c.id, 'name', c.name, 'ownerName', ${memberName(ctx, sql`c.owner_id`)}, 'arr', c.arr,
      'currency', c.currency, 'healthScore', c.health_score, 'healthLevel', c.health_level, 'since', x.since, 'ended', x.ended)::text as item
    from customer_signal x
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = x.customer_id and c.merged_into is null and ${withinReach(ctx, scope)}
    where x.tenant_id = ${ctx.tenantId} and x.signal_id = ${id} and ${show === 'open' ? sql`x.ended is null` : sql`x.ended is not null`}
      and ${after ? sql`(${at}, x.customer_id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by ${at} desc, x.customer_id desc limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, [show === 'open' ? 'since' : 'ended', 'id'])
}

/** A statement of what names a signal by its key: segments and saved views. */
export function signalUses(reader: Pick<Reader, 'tenantId'>, key: string): RawBuilder<unknown> {
  const quoted = JSON.stringify(key)
  return sql`
    select s.name_ja as name from segment s where s.tenant_id = ${reader.tenantId}
      and strpos(s.condition::text, '"signals"') > 0 and strpos(s.condition::text, ${quoted}) > 0
    union all
    select v.name from saved_view v where v.tenant_id = ${reader.tenantId}
      and strpos(v.definition::text, '"signals"') > 0 and strpos(v.definition::text, ${quoted}) > 0`
}
