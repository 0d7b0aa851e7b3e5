import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { RecordKind } from '../../../platform/context/vocabulary.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { inTrial } from '../../../platform/tenancy/trial.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'
import { nextRun } from '../clock.ts'
import type { FlowDocument } from '../contract/document.ts'
import type { flowRadius } from '../contract/flows.ts'
import { reachable } from '../contract/graph.ts'
import { dateFieldOf } from '../queries/dates.ts'
import { type RunningFlow, storedFlow } from '../queries/stored.ts'
import { isRecord, isState, ofRecord, recordedSince, stateMatching } from '../queries/triggers.ts'
import { zoneOf } from '../queries/zone.ts'
import { kindOf } from '../steps/kinds.ts'
import { enrolSubjects } from './enrol.ts'

/** Longer than this nobody waits (ms). */
const patience = 10_000
/** Days from which it is told how many a day brings. */
const lookedBack = 30

/**
 * What publishing would do: everybody is taken in for trial, by the same statement that takes in really, and it is taken back.
 * @throws AppError `not_found`, `invalid_input` for conditions that cannot be read
 */
export async function radiusOf(
  ctx: Context,
  document: FlowDocument,
  flowId: string | undefined,
): Promise<RouteReply<typeof flowRadius>> {
  requirePermission(ctx, 'flows.manage')
  // Some are named.
  requirePermission(ctx, 'customers.read')
  await sql`set local statement_timeout = ${sql.lit(patience)}`.execute(ctx.tx)
  const known = flowId === undefined ? undefined : await storedFlow(ctx, flowId)
  const audience = document.entry
    ? await matchingRecords(ctx, document.subject, document.entry)
    : sql`select c.id from ${sql.table(document.subject)} c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null`
  const holding = await holdingNow(ctx, document)
  const { rows } = await sql<{ audience: number; matching: number; samples: { id: string; name: string }[] }>`
    with audience as materialized (${audience}), holding as materialized (${holding}),
    matching as materialized (
      select c.id, c.name from ${sql.table(document.subject)} c where c.tenant_id = ${ctx.tenantId}
        and c.id in (select a.id from audience a) and c.id in (select h.id from holding h))
    select (select count(*)::int from audience) as audience, (select count(*)::int from matching) as matching,
      (select coalesce(json_agg(s), '[]') from (select id, name from matching order by name, id limit 10) s) as samples`.execute(
    ctx.tx,
  )
  const counts = rows[0]!
  const { enrolled, heldOut } = await inTrial(ctx, async trial => {
    const flow = await trialFlow(trial, document, known)
    return enrolSubjects(trial, flow, sql`select h.id, 'radius' as cause_key from (${holding}) h`, { cause: 'manual' })
  })
  const { perDay, atLeast } = await perDayOf(ctx, document, { flowId, ...counts })
  const steps = reachable(document)
  const contacts = document.steps.filter(({ key, kind }) => steps.has(key) && kindOf(kind).contacts).length
  return {
    ...counts,
    wouldStart: enrolled + heldOut,
    heldOut,
    perDay: rounded(perDay),
    atLeast,
    contactsPerDay: rounded(perDay * (1 - document.holdoutPercent / 100) * contacts),
  }
}

/** For whom a trigger holds now: states, and members of segments. */
async function holdingNow(ctx: Context, { triggers, subject }: FlowDocument): Promise<RawBuilder<unknown>> {
  const parts: RawBuilder<unknown>[] = [sql`select null::uuid as id where false`]
  for (const trigger of triggers) {
    if (isState(trigger)) parts.push(await stateMatching(ctx, trigger, subject))
    if (trigger.kind === 'segment' && trigger.move === 'entered') {
      const members = sql`select m.record_id, s.record, '' as cause_key from segment s
        join segment_member m on m.tenant_id = ${ctx.tenantId} and m.segment_id = s.id
        where s.tenant_id = ${ctx.tenantId} and s.key = ${trigger.segment}`
      parts.push(sql`select r.id from (${ofRecord(ctx, subject, members)}) r`)
    }
    if (trigger.kind === 'schedule') {
      parts.push(
        sql`select c.id from ${sql.table(subject)} c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null`,
      )
    }
  }
  return sql.join(parts, sql` union `)
}

async function trialFlow(
  ctx: Context,
  document: FlowDocument,
  known: Awaited<ReturnType<typeof storedFlow>> | undefined,
): Promise<RunningFlow> {
  const running = {
    version: (known?.version ?? 0) + 1,
    published: document,
    enabledAt: ctx.now,
    subject: document.subject,
  }
  if (known) return { ...known, ...running }
  const id = uuidv7()
  await sql`
    insert into flow (tenant_id, id, key, name_ja, name_en, kind, state, draft, subject, priority, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${`radius-${id}`}, '', '', 'other', 'draft', '{}', ${document.subject}, ${document.priority}, ${ctx.now}, ${ctx.now})`.execute(
    ctx.tx,
  )
  const more = {
    id,
    key: '',
    nameJa: '',
    nameEn: '',
    description: '',
    kind: 'other',
    state: 'draft',
    facts: [],
  } as const
  return {
    ...more,
    facts: [],
    draft: document,
    priority: document.priority,
    cronAt: null,
    followedAt: null,
    fault: null,
    ...running,
  }
}

/** Enrolments a day: as the flow had them lately, else as its triggers happened lately, or their dates come soon. */
async function perDayOf(
  ctx: Context,
  document: FlowDocument,
  { flowId, audience, matching }: { flowId: string | undefined; audience: number; matching: number },
): Promise<{ perDay: number; atLeast: boolean }> {
  const since = new Date(ctx.now.getTime() - lookedBack * 86_400_000)
  if (flowId !== undefined) {
    const { rows } = await sql<{ count: number; days: number }>`
      select count(*)::int as count, greatest(1, extract(epoch from ${ctx.now}::timestamptz - min(e.entered_at)) / 86400)::float8 as days
      from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flowId} and e.entered_at > ${since}`.execute(
      ctx.tx,
    )
    if (rows[0]!.count > 0) return { perDay: rows[0]!.count / rows[0]!.days, atLeast: false }
  }
  let perDay = 0
  let states = 0
  let atLeast = false
  for (const trigger of document.triggers) {
    if (trigger.kind === 'schedule') {
      const zone = await zoneOf(ctx)
      const first = nextRun(trigger.cron, ctx.now, zone)
      const second = first && nextRun(trigger.cron, first, zone)
      if (first && second) perDay += (audience * 86_400_000) / (second.getTime() - first.getTime())
    } else if (isRecord(trigger) && trigger.kind !== 'date') {
      const recorded = await recordedSince(ctx, trigger, document.subject, since)
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from (select distinct r.id, r.cause_key from (${recorded}) r) r`.execute(ctx.tx)
      perDay += rows[0]!.count / lookedBack
    } else if (isState(trigger)) states = matching / lookedBack
    else if (trigger.kind === 'date') perDay += await datesComing(ctx, document, trigger)
    else if (
      trigger.kind === 'happening' &&
      (trigger.type === 'customer.created' || trigger.type === 'contact.created')
    ) {
      perDay += await createdSince(ctx, trigger.type === 'customer.created' ? 'customer' : 'contact', since)
    } else if (trigger.kind === 'happening' || trigger.kind === 'webhook') atLeast = true
  }
  return { perDay: perDay + states, atLeast }
}

/** How many of those whom the flow is about have their day in the days ahead, a day. */
async function datesComing(
  ctx: Context,
  { subject }: FlowDocument,
  { field, offsetDays }: Extract<FlowDocument['triggers'][number], { kind: 'date' }>,
): Promise<number> {
  const { day } = await dateFieldOf(ctx, subject, field)
  const due = sql`(${day} + ${offsetDays}::int)`
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(subject)} c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null
      and ${due} > ${ctx.now}::date and ${due} <= ${ctx.now}::date + ${lookedBack}::int`.execute(ctx.tx)
  return rows[0]!.count / lookedBack
}

async function createdSince(ctx: Context, record: RecordKind, since: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(record)} c
    where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.created_at > ${since}`.execute(ctx.tx)
  return rows[0]!.count / lookedBack
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
