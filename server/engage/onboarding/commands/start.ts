import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { announce, type Context, record } from '../../../platform/context/context.ts'
import { invalidField, notFound } from '../../../platform/errors/app-error.ts'
import type { Role } from '../../../platform/permissions/contract.ts'
import { assigneesFor } from '../../tasks/commands/assign.ts'
import type { JourneyDefinition, JourneyRole } from '../contract/definition.ts'
import type { startJourneys as contract } from '../contract/journeys.ts'
import { onboardingEvents } from '../events.ts'
import { mayHandle, type StoredTemplate, systemOf, templatesOf } from '../queries/stored.ts'
import { followJourneys } from './follow.ts'
import { insertJourneySteps } from './steps.ts'

/** Which role of the company does what a journey gives to a function. */
const companyRoles: Readonly<Record<Exclude<JourneyRole, 'owner' | 'customer'>, Role>> = {
  specialist: 'onboarding',
  engineer: 'onboarding',
  education: 'education',
  analyst: 'analyst',
  manager: 'cs_manager',
}

/** Starts a template for customers by hand; with `dryRun` only counts. @throws AppError `not_found`, `invalid_input` */
export async function startByHand(
  ctx: Context,
  { templateId, ids, segmentId, startsOn, dryRun }: z.output<typeof contract.body>,
): Promise<{ customers: number; started: number; samples: string[] }> {
  const handle = mayHandle(ctx)
  if ((ids === undefined) === (segmentId === undefined)) {
    throw invalidField('body.ids', {
      ja: '対象の顧客を ids か segmentId のどちらかで指定してください。',
      en: 'Say which customers are meant: `ids` or `segmentId`.',
    })
  }
  const [template] = await templatesOf(ctx, sql`t.id = ${templateId} and t.state = 'enabled'`)
  if (!template) throw notFound()
  // On `c.id` itself: joined with a list the planner takes for short, ten thousand customers were compared with each other.
  const chosen = segmentId
    ? sql`c.id in (select x.record_id from segment_member x join segment s on s.tenant_id = ${ctx.tenantId} and s.id = x.segment_id
        and s.record = 'customer' where x.tenant_id = ${ctx.tenantId} and x.segment_id = ${segmentId}::uuid)`
    : sql`c.id = any(${ids}::uuid[])`
  const { rows } = await sql<{ id: string; name: string; had: boolean }>`
    select c.id, c.name, c.id in (select j.customer_id from onboarding_journey j
        where j.tenant_id = ${ctx.tenantId} and j.template_id = ${templateId}) as had
    from customer c
    where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${chosen} and ${handle} order by c.name, c.id`.execute(
    ctx.tx,
  )
  const fresh = rows.filter(({ had }) => !had)
  const samples = fresh.slice(0, 5).map(({ name }) => name)
  if (dryRun) return { customers: rows.length, started: fresh.length, samples }
  const started = await startJourneys(
    ctx,
    template,
    sql`select unnest(${fresh.map(({ id }) => id)}::uuid[])`,
    sql`coalesce(${startsOn ?? null}::date, ${today(ctx)})`,
  )
  return { customers: rows.length, started, samples }
}

/**
 * Starts a template for customers: journeys, phases and tasks in one statement, however many they are; who has had the
 * template is left out. @param customers a statement of their ids @returns how many began
 */
export async function startJourneys(
  ctx: Context,
  template: StoredTemplate,
  customers: RawBuilder<unknown>,
  startsOn: RawBuilder<unknown>,
): Promise<number> {
  const { definition } = template
  const self = ctx.actor.kind === 'member' ? ctx.actor.id : null
  const { rows } = await sql<{ id: string; customer_id: string }>`
    with journey as (
      insert into onboarding_journey (tenant_id, id, template_id, version, customer_id, starts_on, days, status, state, state_since,
        phase, tasks_all, expected_on, started_by, created_at, updated_at)
      select ${ctx.tenantId}, gen_random_uuid(), ${template.id}, ${template.version}, x.id, x.starts_on, ${definition.days}, 'running',
        'on_track', x.starts_on, ${definition.phases[0]!.key}, ${definition.tasks.length}, x.starts_on + ${definition.days - 1}::int,
        ${self}::uuid, ${ctx.now}, ${ctx.now}
      from (select chosen.id, ${startsOn}::date as starts_on from (${customers}) as chosen (id)) x
      on conflict (tenant_id, template_id, customer_id) do nothing
      returning id, customer_id, starts_on),
    phase as (
      insert into onboarding_phase (tenant_id, journey_id, key, place, from_on, to_on, share)
      select ${ctx.tenantId}, journey.id, line.key, line.place, journey.starts_on + line.from_day - 1, journey.starts_on + line.to_day - 1,
        line.share
      from journey cross join jsonb_to_recordset(${JSON.stringify(phaseLines(definition))}::jsonb) as line (
        key text, place smallint, from_day int, to_day int, share real)
      on conflict do nothing),
    task as (
      insert into onboarding_task (tenant_id, journey_id, key, place, phase, role, due_on, required, shared, training)
      select ${ctx.tenantId}, journey.id, line.key, line.place, line.phase, line.role, journey.starts_on + line.due_day - 1, line.required,
        line.shared, line.training
      from journey cross join jsonb_to_recordset(${JSON.stringify(taskLines(definition))}::jsonb) as line (
        key text, place smallint, phase text, role text, due_day int, required boolean, shared boolean, training boolean)
      on conflict do nothing)
    select id, customer_id from journey order by customer_id`.execute(ctx.tx)
  if (rows.length === 0) return 0
  await choosePeople(ctx, template, rows)
  await insertJourneySteps(
    ctx,
    rows.map(({ id }) => ({ journey: id, kind: 'started' })),
  )
  for (const { id, customer_id } of rows) {
    announce(ctx, {
      type: onboardingEvents.started,
      subject: { kind: 'customer', id: customer_id },
      payload: { journeyId: id, template: template.key },
    })
  }
  record(ctx, {
    action: 'onboarding.started',
    subject: { kind: 'onboarding_template', id: template.id },
    details: { customers: rows.length },
  })
  await followJourneys(
    systemOf(ctx),
    rows.map(({ id }) => id),
  )
  return rows.length
}

function phaseLines({ phases }: JourneyDefinition) {
  return phases.map(({ key, fromDay, toDay, share }, place) => ({
    key,
    place,
    from_day: fromDay,
    to_day: toDay,
    share,
  }))
}

function taskLines({ tasks }: JourneyDefinition) {
  return tasks.map(({ key, phase, role, dueDay, required, shared, training }, place) => {
    // A customer sees what it has to do itself in any case.
    return { key, place, phase, role, due_day: dueDay, required, shared: shared || role === 'customer', training }
  })
}

/**
 * One person for each function of a journey: whom the template names, while they are a member, else who has the fewest open
 * tasks; where nobody has the role, nobody.
 */
async function choosePeople(
  ctx: Context,
  { definition, people }: StoredTemplate,
  journeys: readonly { id: string; customer_id: string }[],
): Promise<void> {
  const asked = [...definition.tasks.map(({ role }) => role), ...definition.warnings.map(({ role }) => role)]
  const roles = [...new Set(asked)].filter(role => role !== 'owner' && role !== 'customer')
  const { rows: known } = await sql<{ id: string }>`
    select m.id from member m where m.tenant_id = ${ctx.tenantId} and m.id = any(${Object.values(people)}::uuid[])`.execute(
    ctx.tx,
  )
  for (const role of roles) {
    const named = known.find(({ id }) => id === people[role])?.id
    const members = await assigneesFor(
      ctx,
      journeys.map(({ id, customer_id }) => ({
        id,
        customerId: customer_id,
        assign: named ? { kind: 'member', id: named } : { kind: 'role', role: companyRoles[role], by: 'load' },
      })),
    )
    const lines = [...members].flatMap(([id, member]) => (member ? [{ id, member }] : []))
    await sql`
      update onboarding_journey j set people = j.people || jsonb_build_object(${role}::text, line.member)
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, member uuid)
      where j.tenant_id = ${ctx.tenantId} and j.id = line.id`.execute(ctx.tx)
  }
}

/** Starts what rules start: of each template all customers in one statement. @returns how many journeys began */
export async function startByRules(ctx: Context): Promise<number> {
  const templates = await templatesOf(ctx, sql`t.state = 'enabled' and t.starts is not null`)
  let started = 0
  for (const template of templates) {
    const rule = template.starts!
    const { joins, where } = await compileCondition(ctx, 'customer', rule.condition ?? { all: [] })
    const since = template.starts_since!
    const reasons = {
      customer: sql`c.created_at >= ${since}`,
      segment: sql`c.id in (select x.record_id from segment_member x where x.tenant_id = ${ctx.tenantId}
        and x.segment_id = any(${rule.segments?.value ?? []}::uuid[]) and x.entered_at >= ${since})`,
      contract: sql`c.id in (select x.customer_id from contract x where x.tenant_id = ${ctx.tenantId} and not x.standing
        and x.status = 'ACTIVE' and x.starts_on <= ${today(ctx)}
        and x.starts_on >= (select (${since}::timestamptz at time zone company.time_zone)::date from tenant company where company.id = ${ctx.tenantId}))`,
    }
    const customers = sql`select c.id from customer c ${joins} where c.tenant_id = ${ctx.tenantId} and c.merged_into is null
      and c.status <> 'CHURNED' and ${reasons[rule.on]} and ${where}
      and not exists (select 1 from onboarding_journey j where j.tenant_id = ${ctx.tenantId} and j.template_id = ${template.id}
        and j.customer_id = c.id)`
    started += await startJourneys(ctx, template, customers, today(ctx))
  }
  return started
}
