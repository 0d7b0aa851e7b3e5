import { sql } from 'kysely'
import { loadRecords } from '../../../catalog/conditions/queries/load.ts'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { scoringNeeds, shown, timesOf } from '../score.ts'
import { rulesOf, settingsOf, vocabularyFor } from './definition.ts'
import { visibleLead } from './leads.ts'

const mostHistory = 100

interface State {
  score: number
  fit: number
  engagement: number
  points: number[]
  hotSince: Date | null
  assigneeId: string | null
  assigneeName: string | null
  changedAt: Date
}

interface Change {
  at: Date
  from: number | null
  to: number | null
  hot: boolean
  reasons: { rule: string; nameJa: string; nameEn: string; from: number; to: number }[]
}

/** The score of a contact with the points of each rule, and how it moved. @throws AppError `not_found` */
export async function getLeadScore(ctx: Context, id: string) {
  const { rows: found } = await sql`
    select 1 from contact k where k.tenant_id = ${ctx.tenantId} and k.id = ${id} and k.merged_into is null and ${visibleLead(ctx)}`.execute(
    ctx.tx,
  )
  if (found.length === 0) throw notFound()
  const { rows } = await sql<State>`
    select s.score::float8 as score, s.fit::float8 as fit, s.engagement::float8 as engagement, s.points, s.hot_since as "hotSince",
      s.assignee_id as "assigneeId", ${memberName(ctx, sql`s.assignee_id`)} as "assigneeName", s.changed_at as "changedAt"
    from lead_score_state s where s.tenant_id = ${ctx.tenantId} and s.contact_id = ${id}`.execute(ctx.tx)
  const [state] = rows
  const { fitCap, engagementCap, hotAt } = await settingsOf(ctx)
  return {
    isLead: state !== undefined,
    score: state?.score ?? null,
    fit: state?.fit ?? null,
    engagement: state?.engagement ?? null,
    fitCap,
    engagementCap,
    hotAt,
    hotSince: state?.hotSince?.toISOString() ?? null,
    assigneeId: state?.assigneeId ?? null,
    assigneeName: state?.assigneeName ?? null,
    changedAt: state?.changedAt.toISOString() ?? null,
    rules: state ? await givenBy(ctx, id, state.points) : [],
    history: await historyOf(ctx, id),
  }
}

/** The rules by which a lead has points; those of behaviour with how often it happened. */
async function givenBy(ctx: Context, id: string, points: readonly number[]) {
  const given = (await rulesOf(ctx)).filter(({ place }) => (points[place - 1] ?? 0) !== 0)
  const behaviours = given.filter(({ when }) => when.kind === 'behaviour')
  const vocabulary = await vocabularyFor(ctx, behaviours, null)
  const lead = (await loadRecords(ctx, vocabulary, 'contact', [id], scoringNeeds(behaviours))).get(id)
  return given
    .sort((one, other) => Math.abs(points[other.place - 1]!) - Math.abs(points[one.place - 1]!))
    .map(({ id: rule, nameJa, nameEn, part, when, place }) => ({
      rule,
      nameJa,
      nameEn,
      part,
      points: shown(points[place - 1]!),
      times: when.kind === 'behaviour' && lead ? timesOf(when, lead, vocabulary.today) : null,
      days: when.kind === 'behaviour' ? when.days : null,
    }))
}

async function historyOf(ctx: Context, id: string) {
  const { rows } = await sql<Change>`
    select h.at, h.from_score::float8 as "from", h.to_score::float8 as "to", h.hot, h.reasons
    from lead_score_change h where h.tenant_id = ${ctx.tenantId} and h.contact_id = ${id}
    order by h.at desc limit ${mostHistory}`.execute(ctx.tx)
  return rows.map(({ at, ...change }) => ({ at: at.toISOString(), ...change }))
}
