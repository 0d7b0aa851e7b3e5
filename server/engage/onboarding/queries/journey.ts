import { sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { JourneyDefinition } from '../contract/definition.ts'
import type { WholeJourney } from '../contract/journeys.ts'
import { journeyFields, journeyTables } from './journeys.ts'

/** Whether a journey can be completed: all required tasks are done, and so many percent of all as its template says. */
export async function mayComplete(ctx: Context, id: string): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select count(*) filter (where o.required and o.done_on is null) = 0
      and count(o.done_on) * 100 >= min((v.definition ->> 'completeShare')::real) * count(*) as may
    from onboarding_journey j
    join onboarding_task o on o.tenant_id = ${ctx.tenantId} and o.journey_id = j.id
    join onboarding_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = j.template_id and v.version = j.version
    where j.tenant_id = ${ctx.tenantId} and j.id = ${id}`.execute(ctx.tx)
  return rows[0]!.may
}

type Stored = Omit<WholeJourney, 'measures' | 'phaseList' | 'mayComplete'> & {
  definition: JourneyDefinition
  phaseList: Omit<WholeJourney['phaseList'][number], 'measures' | 'name' | 'goal'>[]
}

/** One journey with all that is known of it. @throws AppError `not_found`, also for one of a customer out of reach */
export async function oneJourney(ctx: Context, id: string): Promise<WholeJourney> {
  const reach = withinReach(ctx, requirePermission(ctx, 'customers.read'))
  const task = sql`(v.definition -> 'tasks' -> o.place::int)`
  const { rows } = await sql<{ item: Stored }>`
    select json_build_object(${journeyFields(ctx)}, 'reason', j.reason, 'handedOverToName', ${memberName(ctx, sql`j.handed_over_to`)},
      'definition', v.definition) as item,
      (select coalesce(json_agg(json_build_object('key', s.key, 'fromOn', s.from_on, 'toOn', s.to_on, 'enteredOn', s.entered_on,
        'leftOn', s.left_on) order by s.place), '[]') from onboarding_phase s where s.tenant_id = ${ctx.tenantId} and s.journey_id = j.id) as phases,
      (select coalesce(json_agg(json_build_object('key', o.key, 'phase', o.phase,
          'title', json_build_object('ja', ${task} ->> 'titleJa', 'en', ${task} ->> 'titleEn'),
          'description', json_build_object('ja', ${task} ->> 'descriptionJa', 'en', ${task} ->> 'descriptionEn'), 'role', o.role,
          'assigneeName', ${memberName(
            ctx,
            sql`coalesce((select w.assignee_id from task w where w.tenant_id = ${ctx.tenantId} and w.id = o.task_id),
            case when o.role = 'owner' then c.owner_id else (j.people ->> o.role)::uuid end)`,
          )},
          'dueOn', o.due_on, 'required', o.required, 'shared', o.shared, 'training', o.training,
          'byData', jsonb_typeof(${task} -> 'condition') = 'object', 'late', o.done_on is null and o.due_on < ${today(ctx)},
          'doneOn', o.done_on, 'doneHow', o.done_how, 'doneByName', ${memberName(ctx, sql`o.done_by`)}, 'taskId', o.task_id) order by o.place), '[]')
        from onboarding_task o where o.tenant_id = ${ctx.tenantId} and o.journey_id = j.id) as tasks,
      (select coalesce(json_agg(json_build_object('key', w.key, 'warnedAt', w.warned_at, 'taskId', w.task_id) order by w.warned_at, w.key), '[]')
        from onboarding_warning w where w.tenant_id = ${ctx.tenantId} and w.journey_id = j.id) as warnings,
      (select coalesce(json_agg(json_build_object('id', s.id, 'at', s.at, 'kind', s.kind, 'subject', s.subject, 'note', s.note,
          'actorName', ${memberName(ctx, sql`s.actor_id`)}, 'customer', s.actor_kind = 'person') order by s.at desc, s.id desc), '[]')
        from onboarding_step s where s.tenant_id = ${ctx.tenantId} and s.journey_id = j.id) as steps,
      (select coalesce(json_agg(json_build_object('role', person.role, 'memberId', person.member, 'name', ${memberName(ctx, sql`person.member::uuid`)})
          order by person.role), '[]') from jsonb_each_text(j.people) person (role, member)
        where exists (select 1 from member m where m.tenant_id = ${ctx.tenantId} and m.id = person.member::uuid)) as people,
      (select coalesce(json_agg(json_build_object('id', l.id, 'email', l.email, 'expiresAt', l.expires_at, 'createdAt', l.created_at,
          'lastUsedAt', l.last_used_at) order by l.created_at desc), '[]')
        from onboarding_link l where l.tenant_id = ${ctx.tenantId} and l.journey_id = j.id and l.revoked_at is null and l.expires_at > ${ctx.now}) as links
    from ${journeyTables(ctx)} where j.tenant_id = ${ctx.tenantId} and j.id = ${id} and ${reach}`.execute(ctx.tx)
  const row = rows[0] as unknown as
    | {
        item: Stored
        phases: Stored['phaseList']
        tasks: WholeJourney['tasks']
        warnings: { key: string; warnedAt: string; taskId: string | null }[]
        steps: {
          id: string
          at: string
          kind: string
          subject: string | null
          note: string | null
          actorName: string | null
        }[]
        people: WholeJourney['people']
        links: WholeJourney['links']
      }
    | undefined
  if (!row) throw notFound()
  const { definition, ...journey } = row.item
  const named = namesOf(definition)
  const measured = async (measures: JourneyDefinition['measures']) => {
    const judged: WholeJourney['measures'] = []
    for (const { key, nameJa, nameEn, condition } of measures) {
      judged.push({ key, name: { ja: nameJa, en: nameEn }, met: await holds(ctx, journey.customerId, condition) })
    }
    return judged
  }
  const phaseList: WholeJourney['phaseList'] = []
  for (const phase of row.phases) {
    const words = definition.phases.find(each => each.key === phase.key)!
    phaseList.push({
      ...phase,
      name: { ja: words.nameJa, en: words.nameEn },
      goal: { ja: words.goalJa, en: words.goalEn },
      measures: await measured(words.measures),
    })
  }
  return {
    ...journey,
    mayComplete: await mayComplete(ctx, id),
    steps: row.steps.map(({ id: step, at, kind, subject, note, actorName }) => ({
      id: step,
      at,
      kind,
      actorName,
      about: subject === null ? null : (named.get(subject) ?? { ja: subject, en: subject }),
      note,
    })),
    phaseList,
    tasks: row.tasks,
    measures: await measured(definition.measures),
    warnings: row.warnings.map(each => ({ ...each, name: named.get(each.key)! })),
    people: row.people,
    links: row.links,
  }
}

/** What phases, tasks, warnings and states are called, by what a step names. */
function namesOf(definition: JourneyDefinition): Map<string, Words> {
  return new Map<string, Words>([
    ['on_track', { ja: '順調', en: 'on track' }],
    ['behind', { ja: '遅れ', en: 'behind' }],
    ['stuck', { ja: '停滞', en: 'stuck' }],
    ...definition.phases.map(({ key, nameJa, nameEn }) => [key, { ja: nameJa, en: nameEn }] as const),
    ...definition.warnings.map(({ key, nameJa, nameEn }) => [key, { ja: nameJa, en: nameEn }] as const),
    ...definition.tasks.map(({ key, titleJa, titleEn }) => [key, { ja: titleJa, en: titleEn }] as const),
  ])
}

async function holds(ctx: Context, customer: string, condition: Condition): Promise<boolean | null> {
  try {
    const { joins, where } = await compileCondition(ctx, 'customer', condition, sql`select ${customer}::uuid`)
    const { rows } = await sql`
      select 1 from customer c ${joins} where c.tenant_id = ${ctx.tenantId} and c.id = ${customer} and ${where}`.execute(
      ctx.tx,
    )
    return rows.length > 0
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_input') return null
    throw error
  }
}
