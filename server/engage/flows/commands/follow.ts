import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { FactKind, RecordKind } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { nextRun } from '../clock.ts'
import type { Trigger } from '../contract/triggers.ts'
import { digestOf } from '../digest.ts'
import { type RunningFlow, runningFlows } from '../queries/stored.ts'
import { isRecord, isState, ofRecord, recordedSince, type StateTrigger, stateMatching } from '../queries/triggers.ts'
import { zoneOf } from '../queries/zone.ts'
import { enrolSubjects } from './enrol.ts'

/**
 * How far back it is looked for what was written down (ms), or as far as nobody has looked: a cause counts once however often
 * it is seen.
 */
const lookBack = 3 * 3_600_000
/** What is written down at a moment may be seen so much later (ms). */
const overlap = 3_600_000

/** What may have changed since the triggers were looked at. */
export interface Changed {
  facts?: readonly FactKind[]
  /** A statement of the customers whose facts changed; left out: anybody. */
  customers?: RawBuilder<unknown>
  /** Only triggers of these kinds. */
  kinds?: readonly Trigger['kind'][]
}

/**
 * Looks at the triggers of the enabled flows and takes in whom they bring. A flow whose triggers cannot be worked out any
 * more says why.
 * @returns how many came in
 */
export async function followTriggers(ctx: Context, changed?: Changed): Promise<number> {
  let enrolled = 0
  for (const flow of await runningFlows(ctx)) {
    if (changed?.facts && !flow.facts.some(kind => changed.facts!.includes(kind))) continue
    await sql`savepoint flow_triggers`.execute(ctx.tx)
    try {
      enrolled += await followFlow(ctx, flow, changed)
      if (flow.fault) await noteFault(ctx, flow.id, null)
      await sql`release savepoint flow_triggers`.execute(ctx.tx)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      await sql`rollback to savepoint flow_triggers`.execute(ctx.tx)
      await noteFault(ctx, flow.id, error.words)
    }
  }
  // Every trigger of all flows was looked at.
  if (!changed) {
    await sql`update flow set followed_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and state = 'enabled'`.execute(
      ctx.tx,
    )
  }
  return enrolled
}

async function followFlow(ctx: Context, flow: RunningFlow, { customers, kinds }: Changed = {}): Promise<number> {
  const seen = Math.min(ctx.now.getTime() - lookBack, (flow.followedAt ?? flow.enabledAt).getTime() - overlap)
  const since = new Date(Math.max(flow.enabledAt.getTime(), seen))
  let enrolled = 0
  for (const trigger of flow.published.triggers) {
    if (kinds && !kinds.includes(trigger.kind)) continue
    if (isState(trigger)) {
      const fresh = await newMatches(ctx, flow, trigger, customers)
      if (fresh.length === 0) continue
      const source = sql`select unnest(${fresh}::uuid[]) as id, ${`${trigger.kind}:${ctx.now.toISOString()}`} as cause_key`
      enrolled += (await enrolSubjects(ctx, flow, source, { cause: trigger.kind })).enrolled
    } else if (isRecord(trigger)) {
      const source = await recordedSince(ctx, trigger, flow.subject, trigger.kind === 'date' ? flow.enabledAt : since)
      enrolled += (await enrolSubjects(ctx, flow, source, { cause: trigger.kind })).enrolled
    }
  }
  return enrolled
}

/**
 * Writes down for whom a trigger holds, in one statement.
 * @param customers a statement of the customers that were looked at; contacts are all looked at
 * @returns for whom it did not hold before
 */
export async function newMatches(
  ctx: Context,
  flow: Pick<RunningFlow, 'id' | 'subject'>,
  trigger: StateTrigger,
  customers?: RawBuilder<unknown>,
): Promise<string[]> {
  const only = flow.subject === 'customer' ? customers : undefined
  const matching = await stateMatching(ctx, trigger, flow.subject, only)
  const digest = digestOf(trigger)
  const { rows } = await sql<{ id: string }>`
    with matching as materialized (${matching}),
    gone as (
      delete from flow_match m where m.tenant_id = ${ctx.tenantId} and m.flow_id = ${flow.id} and m.trigger = ${digest}
        ${only ? sql`and m.subject_id in (${only})` : sql``} and m.subject_id not in (select matching.id from matching) returning 1)
    insert into flow_match (tenant_id, flow_id, trigger, subject_id)
    select ${ctx.tenantId}::uuid, ${flow.id}::uuid, ${digest}, matching.id from matching order by matching.id
    on conflict do nothing returning subject_id as id`.execute(ctx.tx)
  return rows.map(({ id }) => id)
}

/** Something happened to a customer or contact: flows that wait for it take them in. */
export async function followHappening(
  ctx: Context,
  event: { id: string; type: string; subject: { kind: RecordKind; id: string } },
): Promise<number> {
  let enrolled = 0
  for (const flow of await runningFlows(ctx)) {
    const waits = flow.published.triggers.some(each => each.kind === 'happening' && each.type === event.type)
    if (!waits) continue
    const records = sql`select ${event.subject.id}::uuid as record_id, ${event.subject.kind} as record, ${`happening:${event.id}`} as cause_key`
    enrolled += (await enrolSubjects(ctx, flow, ofRecord(ctx, flow.subject, records), { cause: 'happening' })).enrolled
  }
  return enrolled
}

/** Flows whose time has come take in everybody who meets their entry condition. */
export async function followSchedules(ctx: Context): Promise<number> {
  let enrolled = 0
  for (const flow of await runningFlows(ctx)) {
    if (!flow.cronAt || flow.cronAt > ctx.now) continue
    const everybody = sql`select c.id, ${`schedule:${flow.cronAt.toISOString()}`} as cause_key from ${sql.table(flow.subject)} c
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null`
    enrolled += (await enrolSubjects(ctx, flow, everybody, { cause: 'schedule', quietly: true })).enrolled
    await planSchedule(ctx, flow)
  }
  return enrolled
}

/** Writes down when the schedule of a flow is due next; the earliest of several. */
export async function planSchedule(ctx: Context, flow: Pick<RunningFlow, 'id' | 'published'>): Promise<void> {
  const zone = await zoneOf(ctx)
  const times = flow.published.triggers.flatMap(trigger =>
    trigger.kind === 'schedule' ? (nextRun(trigger.cron, ctx.now, zone) ?? []) : [],
  )
  const next = times.length === 0 ? null : new Date(Math.min(...times.map(Number)))
  await sql`update flow set cron_at = ${next} where tenant_id = ${ctx.tenantId} and id = ${flow.id}`.execute(ctx.tx)
}

/** Who waits for a condition is looked at again. @param customers a statement of those whose facts changed; left out: all */
export async function wakeWaiting(ctx: Context, customers?: RawBuilder<unknown>): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update flow_enrolment e set due_at = ${ctx.now} where e.tenant_id = ${ctx.tenantId} and e.state = 'active'
      and e.waits_for = 'condition' and e.due_at > ${ctx.now}
      ${customers ? sql`and e.customer_id in (${customers})` : sql``}`.execute(ctx.tx)
  return (numAffectedRows ?? 0n) > 0n
}

async function noteFault(ctx: Context, flowId: string, fault: Words | null): Promise<void> {
  await sql`
    update flow set fault = ${fault ? JSON.stringify(fault) : null}::jsonb where tenant_id = ${ctx.tenantId} and id = ${flowId}`.execute(
    ctx.tx,
  )
}
