import { sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { noteToday } from '../../../customers/accounts/commands/facts.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { announce, type Context } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { JourneyDefinition } from '../contract/definition.ts'
import { onboardingEvents } from '../events.ts'
import { meetingNow } from '../queries/meeting.ts'
import { closeJourneys } from './close.ts'
import { followTasks, makeTasks } from './colleagues.ts'
import { refreshJourneys } from './refresh.ts'
import { insertJourneySteps } from './steps.ts'
import { warn } from './warn.ts'

interface RunningVersion {
  template_id: string
  version: number
  key: string
  definition: JourneyDefinition
}

/**
 * Lets product data fulfil tasks, and says where running journeys are. Each condition of a version is one statement over all
 * its journeys; where they stand is one more for all.
 * @param only journeys to which it keeps; left out: all that run
 */
export async function followJourneys(ctx: Context, only?: readonly string[]): Promise<void> {
  const { rows: versions } = await sql<RunningVersion>`
    select v.template_id, v.version, t.key, v.definition from onboarding_template_version v
    join onboarding_template t on t.tenant_id = ${ctx.tenantId} and t.id = v.template_id
    where v.tenant_id = ${ctx.tenantId} and exists (select 1 from onboarding_journey j where j.tenant_id = ${ctx.tenantId}
      and j.template_id = v.template_id and j.version = v.version and j.status = 'running'
      and ${only ? sql`j.id = any(${only}::uuid[])` : sql`true`})
    order by v.template_id, v.version`.execute(ctx.tx)
  const faults = new Map<string, string | null>(versions.map(({ template_id }) => [template_id, null]))
  for (const version of versions) {
    try {
      await fulfil(ctx, version, only)
    } catch (error) {
      // What a condition names is gone: everything else goes on, and the template says what is wrong.
      if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error
      faults.set(version.template_id, error.words[ctx.locale])
    }
  }
  await followTasks(ctx, only)
  const places = await refreshJourneys(ctx, only)
  const entering = places.filter(({ enters }) => enters)
  const moved = places.filter(({ state, state_before }) => state !== state_before)
  await noteToday(
    ctx,
    'success',
    places.filter(({ changed }) => changed).map(({ customer_id }) => customer_id),
  )
  await insertJourneySteps(ctx, [
    ...entering.map(({ id, phase }) => ({ journey: id, kind: 'phase_entered' as const, subject: phase })),
    ...moved.map(({ id, state }) => ({ journey: id, kind: 'state_changed' as const, subject: state })),
  ])
  for (const { id, customer_id, template, phase, words } of entering) {
    announce(ctx, {
      type: onboardingEvents.phaseEntered,
      subject: { kind: 'customer', id: customer_id },
      payload: { journeyId: id, template, phase, words },
    })
  }
  for (const { id, customer_id, template, state } of moved) {
    const type = { on_track: onboardingEvents.onTrack, behind: onboardingEvents.behind, stuck: onboardingEvents.stuck }[
      state as 'on_track'
    ]
    announce(ctx, { type, subject: { kind: 'customer', id: customer_id }, payload: { journeyId: id, template } })
  }
  await makeTasks(
    ctx,
    entering.map(({ id }) => id),
  )
  for (const version of versions) {
    try {
      await warn(ctx, version, only)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error
      faults.set(version.template_id, error.words[ctx.locale])
    }
  }
  const lines = [...faults].map(([id, fault]) => ({ id, fault }))
  await sql`
    update onboarding_template t set fault = line.fault from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, fault text)
    where t.tenant_id = ${ctx.tenantId} and t.id = line.id and t.fault is distinct from line.fault`.execute(ctx.tx)
  await closeJourneys(
    ctx,
    places.filter(({ completes }) => completes).map(({ id }) => id),
    { status: 'completed', reason: null },
  )
}

async function fulfil(ctx: Context, version: RunningVersion, only: readonly string[] | undefined): Promise<void> {
  const { definition } = version
  for (const { key, condition } of definition.tasks) {
    if (condition) await fulfilTask(ctx, version, key, condition, only)
  }
  if (!definition.value) return
  const open = sql`j.tenant_id = ${ctx.tenantId} and j.template_id = ${version.template_id} and j.version = ${version.version}
    and j.status = 'running' and j.value_on is null and j.starts_on <= ${today(ctx)} and ${only ? sql`j.id = any(${only}::uuid[])` : sql`true`}`
  const met = await meetingNow(
    ctx,
    definition.value,
    sql`select j.customer_id from onboarding_journey j where j.tenant_id = ${ctx.tenantId} and ${open}`,
  )
  const { rows } = await sql<{ id: string; customer_id: string }>`
    update onboarding_journey j set value_on = ${today(ctx)} where j.tenant_id = ${ctx.tenantId} and ${open} and j.customer_id = any(${met}::uuid[])
    returning j.id, j.customer_id`.execute(ctx.tx)
  await noteToday(
    ctx,
    'success',
    rows.map(({ customer_id }) => customer_id),
  )
  await insertJourneySteps(
    ctx,
    rows.map(({ id }) => ({ journey: id, kind: 'value_reached' })),
  )
}

async function fulfilTask(
  ctx: Context,
  version: RunningVersion,
  key: string,
  condition: Condition,
  only: readonly string[] | undefined,
): Promise<void> {
  const running = sql`j.tenant_id = ${ctx.tenantId} and j.template_id = ${version.template_id} and j.version = ${version.version}
    and j.status = 'running' and ${only ? sql`j.id = any(${only}::uuid[])` : sql`true`}`
  const met = await meetingNow(
    ctx,
    condition,
    sql`select j.customer_id from onboarding_journey j
      join onboarding_task open on open.tenant_id = ${ctx.tenantId} and open.journey_id = j.id and open.key = ${key} and open.done_on is null
      where ${running}`,
  )
  if (met.length === 0) return
  const { rows } = await sql<{ journey: string }>`
    update onboarding_task t set done_on = ${today(ctx)}, done_at = ${ctx.now}, done_how = 'data', done_by = null
    from onboarding_journey j
    where ${running} and t.tenant_id = ${ctx.tenantId} and t.journey_id = j.id and t.key = ${key} and t.done_on is null
      and j.customer_id = any(${met}::uuid[])
    returning t.journey_id as journey`.execute(ctx.tx)
  await insertJourneySteps(
    ctx,
    rows.map(({ journey }) => ({ journey, kind: 'task_done', subject: key })),
  )
}
