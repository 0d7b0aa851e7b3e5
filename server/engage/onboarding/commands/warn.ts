import { type RawBuilder, sql } from 'kysely'
import { today } from '../../../customers/accounts/queries/today.ts'
import { announce, type Context } from '../../../platform/context/context.ts'
import { createTasks } from '../../tasks/commands/create.ts'
import type { JourneyDefinition, JourneyRole } from '../contract/definition.ts'
import { onboardingEvents } from '../events.ts'
import { meetingNow } from '../queries/meeting.ts'
import { assignmentOf, companyLocale } from './colleagues.ts'
import { insertJourneySteps } from './steps.ts'

type Warning = JourneyDefinition['warnings'][number]

/** Days in which what a warning asks for is due. */
const dueDays = { urgent: 1, high: 2, medium: 3, low: 7 } as const

/**
 * Warns early, each warning of a version in one statement over all its journeys, once per journey: a task for whom the
 * warning names, and an event on which flows can start.
 */
export async function warn(
  ctx: Context,
  version: { template_id: string; version: number; key: string; definition: JourneyDefinition },
  only: readonly string[] | undefined,
): Promise<void> {
  for (const warning of version.definition.warnings) {
    const due = sql`j.tenant_id = ${ctx.tenantId} and j.template_id = ${version.template_id} and j.version = ${version.version}
      and j.status = 'running' and ${only ? sql`j.id = any(${only}::uuid[])` : sql`true`}
      and ${today(ctx)} - j.starts_on - j.paused_days + 1 >= ${warning.when ? warning.day : warning.day + 1}
      and not exists (select 1 from onboarding_warning w where w.tenant_id = ${ctx.tenantId} and w.journey_id = j.id and w.key = ${warning.key})`
    const { rows } = await sql<{
      journey: string
      customer_id: string
      people: Partial<Record<JourneyRole, string>>
      customer: string
      due_on: string
    }>`
      with given as (
        insert into onboarding_warning (tenant_id, journey_id, key, warned_at)
        select ${ctx.tenantId}, j.id, ${warning.key}, ${ctx.now} from onboarding_journey j where ${due} and ${await reason(ctx, warning, due)}
        on conflict do nothing returning journey_id)
      select j.id as journey, j.customer_id, j.people, c.name as customer, (${today(ctx)} + ${dueDays[warning.urgency]}::int)::text as due_on
      from given join onboarding_journey j on j.tenant_id = ${ctx.tenantId} and j.id = given.journey_id
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = j.customer_id order by j.id`.execute(ctx.tx)
    if (rows.length > 0) await tell(ctx, version.key, warning, rows)
  }
}

async function reason(ctx: Context, warning: Warning, due: RawBuilder<unknown>): Promise<RawBuilder<unknown>> {
  if (warning.tasks) {
    return sql`exists (select 1 from onboarding_task t where t.tenant_id = ${ctx.tenantId} and t.journey_id = j.id
      and t.key = any(${warning.tasks}::text[]) and t.done_on is null)`
  }
  const among = sql`select j.customer_id from onboarding_journey j where j.tenant_id = ${ctx.tenantId} and ${due}`
  const met = await meetingNow(ctx, (warning.when ?? warning.unless)!, among)
  const holds = sql`j.customer_id = any(${met}::uuid[])`
  return warning.when ? holds : sql`not (${holds})`
}

async function tell(
  ctx: Context,
  template: string,
  warning: Warning,
  journeys: readonly {
    journey: string
    customer_id: string
    people: Partial<Record<JourneyRole, string>>
    customer: string
    due_on: string
  }[],
): Promise<void> {
  const locale = await companyLocale(ctx)
  const name = locale === 'ja' ? warning.nameJa : warning.nameEn
  const advice = locale === 'ja' ? warning.adviceJa : warning.adviceEn
  const made = await createTasks(
    ctx,
    journeys.map(({ journey, customer_id, people, customer, due_on }) => ({
      title: locale === 'ja' ? `${customer}：${name}` : `${customer}: ${name}`,
      description: advice || null,
      customerId: customer_id,
      dueOn: due_on,
      priority: warning.urgency,
      source: 'flow',
      key: `onboarding:${journey}:warning:${warning.key}`,
      assign: assignmentOf(people, warning.role),
    })),
  )
  const lines = journeys.map(({ journey }, place) => ({ journey, task: made[place]!.id }))
  await sql`
    update onboarding_warning w set task_id = line.task from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (journey uuid, task uuid)
    where w.tenant_id = ${ctx.tenantId} and w.journey_id = line.journey and w.key = ${warning.key}`.execute(ctx.tx)
  await insertJourneySteps(
    ctx,
    journeys.map(({ journey }) => ({ journey, kind: 'warned', subject: warning.key })),
  )
  for (const { journey, customer_id } of journeys) {
    announce(ctx, {
      type: onboardingEvents.warning,
      subject: { kind: 'customer', id: customer_id },
      payload: {
        journeyId: journey,
        template,
        warning: warning.key,
        urgency: warning.urgency,
        words: { ja: warning.nameJa, en: warning.nameEn },
      },
    })
  }
}
