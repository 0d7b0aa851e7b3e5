import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { FlowDocument } from '../contract/document.ts'
import type { flowKinds, flowStates } from '../contract/flows.ts'

export interface StoredFlow {
  id: string
  key: string
  nameJa: string
  nameEn: string
  description: string
  kind: (typeof flowKinds)[number]
  state: (typeof flowStates)[number]
  draft: FlowDocument
  version: number | null
  subject: FlowDocument['subject']
  priority: number
  facts: FactKind[]
  enabledAt: Date | null
  followedAt: Date | null
  cronAt: Date | null
  fault: Words | null
  /** The published document. */
  published: FlowDocument | null
}

/** A flow that runs: it has a version. */
export type RunningFlow = StoredFlow & { version: number; published: FlowDocument; enabledAt: Date }

const columns = sql`f.id, f.key, f.name_ja as "nameJa", f.name_en as "nameEn", f.description, f.kind, f.state, f.draft, f.version,
  f.subject, f.priority, f.facts, f.enabled_at as "enabledAt", f.followed_at as "followedAt", f.cron_at as "cronAt", f.fault, v.document as published`

/** The flows that are enabled, the most urgent first. */
export async function runningFlows(ctx: Context): Promise<RunningFlow[]> {
  const { rows } = await sql<RunningFlow>`
    select ${columns} from flow f
    join flow_version v on v.tenant_id = ${ctx.tenantId} and v.flow_id = f.id and v.number = f.version
    where f.tenant_id = ${ctx.tenantId} and f.state = 'enabled' order by f.priority, f.id`.execute(ctx.tx)
  return rows
}

/** All flows, archived ones too, by key. */
export async function flowsOf(ctx: Context): Promise<StoredFlow[]> {
  const { rows } = await sql<StoredFlow>`
    select ${columns} from flow f
    left join flow_version v on v.tenant_id = ${ctx.tenantId} and v.flow_id = f.id and v.number = f.version
    where f.tenant_id = ${ctx.tenantId} order by f.key`.execute(ctx.tx)
  return rows
}

/** The enabled flows that this transaction published: their version carries its moment. */
export async function publishedSince(ctx: Context): Promise<RunningFlow[]> {
  const { rows } = await sql<RunningFlow>`
    select ${columns} from flow f
    join flow_version v on v.tenant_id = ${ctx.tenantId} and v.flow_id = f.id and v.number = f.version
    where f.tenant_id = ${ctx.tenantId} and f.state = 'enabled' and v.published_at = ${ctx.now} order by f.key`.execute(
    ctx.tx,
  )
  return rows
}

/** One flow, locked for a change. @throws AppError `not_found` */
export async function lockFlow(ctx: Context, id: string): Promise<StoredFlow> {
  const { rows } = await sql<StoredFlow>`
    select ${columns} from flow f
    left join flow_version v on v.tenant_id = ${ctx.tenantId} and v.flow_id = f.id and v.number = f.version
    where f.tenant_id = ${ctx.tenantId} and f.id = ${id} for update of f`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}

/** One flow as it stands. @throws AppError `not_found` */
export async function storedFlow(ctx: Context, id: string): Promise<StoredFlow> {
  const { rows } = await sql<StoredFlow>`
    select ${columns} from flow f
    left join flow_version v on v.tenant_id = ${ctx.tenantId} and v.flow_id = f.id and v.number = f.version
    where f.tenant_id = ${ctx.tenantId} and f.id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}

/** Documents of versions, as they were published. */
export async function versionsOf(
  ctx: Context,
  wanted: readonly { flow: string; version: number }[],
): Promise<Map<string, FlowDocument>> {
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<{ key: string; document: FlowDocument }>`
    select v.flow_id || ' ' || v.number as key, v.document from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as line (
      flow uuid, version int)
    join flow_version v on v.tenant_id = ${ctx.tenantId} and v.flow_id = line.flow and v.number = line.version`.execute(
    ctx.tx,
  )
  return new Map(rows.map(({ key, document }) => [key, document]))
}
