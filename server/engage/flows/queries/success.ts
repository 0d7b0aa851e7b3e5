import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { shareOf } from '../../../platform/learning/measures.ts'
import type { FlowDocument } from '../contract/document.ts'
import type { flowSuccess } from '../contract/reports.ts'
import type { Step, StepKind } from '../contract/steps.ts'
import { storedFlow } from './stored.ts'
import { zoneOf } from './zone.ts'

/** Kinds of steps that somebody answers: a person, the product, or whoever reads. */
const answered: readonly StepKind[] = [
  'approval',
  'provision',
  'wait_condition',
  'task',
  'call',
  'meeting',
  'email',
  'in_app',
]

interface Figures {
  month: string
  reached: number
  succeeded: number
  refused: number
  silent: number
  goal: number
}

/**
 * By step and by month of enrolment: who came to it, and for whom it succeeded. Whoever came to a step twice counts with the
 * last time. @throws AppError `not_found`
 */
export async function successOf(
  ctx: Context,
  id: string,
  { months }: z.output<typeof flowSuccess.query>,
): Promise<RouteReply<typeof flowSuccess>> {
  requirePermission(ctx, 'flows.view')
  const flow = await storedFlow(ctx, id)
  const days = flow.published?.goal?.withinDays ?? null
  const zone = await zoneOf(ctx)
  const enrolled = enrolledSince(ctx, { id, months, zone })
  const { rows: whole } = await sql<{ month: string; entered: number; counted: number; converted: number }>`
    select e.month, count(*)::int as entered, count(*) filter (where over or reached)::int as counted,
      count(*) filter (where reached)::int as converted
    from (select e.month, e.goal_at is not null and e.goal_at <= e.entered_at + make_interval(days => ${days ?? 0}::int) as reached,
        e.entered_at <= ${ctx.now}::timestamptz - make_interval(days => ${days ?? 0}::int) as over from ${enrolled} e
        where e.goal_at is null or e.goal_at >= e.entered_at) e
    group by e.month order by e.month desc`.execute(ctx.tx)
  const rows = await figuresOf(ctx, id, enrolled)
  const published = flow.published ?? flow.draft
  return {
    withinDays: days,
    months: whole.map(row => ({
      ...row,
      counted: days === null ? 0 : row.counted,
      converted: days === null ? 0 : row.converted,
      rate: days === null ? null : shareOf(row.converted, row.counted),
    })),
    steps: inOrder(published, rows).map(({ step, kind, lines }) => ({
      step,
      kind,
      text: textOf(published, step),
      answers: answered.includes(kind as StepKind),
      ...withRate(total(lines)),
      months: lines.map(line => ({ ...withRate(line), month: line.month })),
    })),
  }
}

type Line = Figures & { step: string; kind: string }

/** Enrolments of the flow that came in since so many months, each with its month; who is held out is none of them. */
function enrolledSince(
  ctx: Context,
  { id, months, zone }: { id: string; months: number; zone: string },
): RawBuilder<unknown> {
  return sql`(select e.id, e.entered_at, e.goal_at, e.step, e.state, to_char(e.entered_at at time zone ${zone}, 'YYYY-MM') as month
    from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${id}
      and e.state <> 'holdout' and coalesce(e.reason, '') <> 'holdout'
      and e.entered_at >= (date_trunc('month', ${ctx.now}::timestamptz at time zone ${zone}) - make_interval(months => ${months - 1}::int))
        at time zone ${zone})`
}

/** What each step came to, in one statement: the last visit of everybody, with what answers it. */
async function figuresOf(ctx: Context, id: string, enrolled: RawBuilder<unknown>): Promise<Line[]> {
  // Work is answered by its task, mails and messages inside the product by whoever reads them.
  const { rows } = await sql<Line>`
    with enrolled as materialized ${enrolled},
    mail as (
      select split_part(m.key, ':', 2) as enrolment, split_part(m.key, ':', 3) as visit,
        bool_or(m.opened_at is not null or m.clicked_at is not null) as good,
        bool_or(m.state = 'failed' or m.bounced_at is not null or m.unsubscribed_at is not null or m.complained_at is not null) as bad,
        bool_or(m.state = 'accepted') as sent
      from message m where m.tenant_id = ${ctx.tenantId} and m.source_kind = 'flow' and m.source_id = ${id} group by 1, 2),
    shown as (
      select split_part(d.key, ':', 2) as enrolment, split_part(d.key, ':', 3) as visit,
        bool_or(d.first_shown_at is not null) as good, bool_or(d.dismissed_at is not null and d.clicked_at is null) as bad
      from in_app_delivery d where d.tenant_id = ${ctx.tenantId} and d.source_kind = 'flow' and d.source_id = ${id} group by 1, 2),
    visit as (
      select distinct on (r.enrolment_id, r.step) e.month, e.goal_at, r.enrolment_id::text as enrolment, r.visit::text as visit, r.step,
        r.kind, r.outcome, r.way, r.at
      from enrolled e join flow_step_run r on r.tenant_id = ${ctx.tenantId} and r.enrolment_id = e.id
      order by r.enrolment_id, r.step, r.visit desc),
    line as (
      select v.month, v.step, v.kind, v.goal_at >= v.at as goal,
        case when v.outcome <> 'done' then null
          when v.way in ('approved', 'met') or v.kind = 'provision' and v.way = 'done' or t.status = 'done' then 'succeeded'
          when m.good or d.good and not d.bad then 'succeeded'
          when v.way in ('refused', 'failed') or t.status = 'cancelled' or m.bad or d.bad then 'refused'
          when v.way in ('silent', 'timeout') or t.due_at < ${ctx.now} or m.sent then 'silent' end as answer
      from visit v
      left join task t on t.tenant_id = ${ctx.tenantId} and t.source = 'flow' and t.source_key = v.enrolment || ':' || v.visit
        and v.kind in ('task', 'call', 'meeting')
      left join mail m on m.enrolment = v.enrolment and m.visit = v.visit and v.kind = 'email'
      left join shown d on d.enrolment = v.enrolment and d.visit = v.visit and v.kind = 'in_app'
      union all
      -- Who is there now for the first time.
      select e.month, e.step, '', false, null from enrolled e
      where e.state in ('active', 'paused', 'failed') and e.step is not null
        and not exists (select 1 from visit v where v.enrolment = e.id::text and v.step = e.step))
    select l.step, max(l.kind) as kind, l.month, count(*)::int as reached,
      count(*) filter (where l.answer = 'succeeded')::int as succeeded, count(*) filter (where l.answer = 'refused')::int as refused,
      count(*) filter (where l.answer = 'silent')::int as silent, count(*) filter (where l.goal)::int as goal
    from line l group by l.step, l.month order by l.month desc`.execute(ctx.tx)
  return rows
}

/** Steps as the published flow has them, then those of versions before. */
function inOrder(document: FlowDocument, rows: readonly Line[]): { step: string; kind: string; lines: Line[] }[] {
  const own = Map.groupBy(rows, ({ step }) => step)
  const known = document.steps.map(({ key }) => key)
  const keys = [...known, ...[...own.keys()].filter(key => !known.includes(key)).sort()]
  return keys.flatMap(step => {
    const lines = own.get(step)
    if (!lines) return []
    const kind =
      document.steps.find(({ key }) => key === step)?.kind ?? lines.find(line => line.kind !== '')?.kind ?? ''
    return [{ step, kind, lines }]
  })
}

/** What a person reads of a step. */
function textOf(document: FlowDocument, key: string): string | null {
  const step = document.steps.find(each => each.key === key)
  return step ? (step.name ?? ownText(step)) : null
}

function ownText(step: Step): string | null {
  if (step.kind === 'task' || step.kind === 'call' || step.kind === 'meeting') return step.title
  if (step.kind === 'approval') return step.question
  return null
}

function total(lines: readonly Figures[]): Omit<Figures, 'month'> {
  const sum = (name: Exclude<keyof Figures, 'month'>) => lines.reduce((all, line) => all + line[name], 0)
  return {
    reached: sum('reached'),
    succeeded: sum('succeeded'),
    refused: sum('refused'),
    silent: sum('silent'),
    goal: sum('goal'),
  }
}

function withRate({ reached, succeeded, refused, silent, goal }: Omit<Figures, 'month'>) {
  return { reached, succeeded, refused, silent, goal, rate: shareOf(succeeded, succeeded + refused + silent) }
}
