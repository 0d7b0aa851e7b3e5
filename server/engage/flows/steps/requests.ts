import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../../platform/context/context.ts'
import { peopleFor } from '../../alerts/queries/colleagues.ts'
import { notify } from '../../notices/commands/notify.ts'
import { namesOf } from '../queries/subjects.ts'
import { allBy, type Batch, effectKey, type Outcome, type StepDefinition, type Visitor } from './definition.ts'
import { isWebhook, send } from './messages.ts'
import { filled } from './work.ts'

/** Asks people whether the flow may go on, and waits for what they say. */
export const approval: StepDefinition<'approval'> = {
  async run(ctx, step, batch) {
    const { answered, left } = await answersOf(ctx, batch, { approved: 'approved', refused: 'refused' }, 'silent')
    if (left.length === 0) return answered
    const asked = { ...batch, visitors: left }
    const names = await namesOf(ctx, asked)
    const people = await peopleFor(
      ctx,
      step.approvers,
      left.map(({ subjectId }) => names.get(subjectId)?.ownerId ?? null),
    )
    const until = new Date(ctx.now.getTime() + step.withinHours * 3_600_000)
    const requests = left.map((visitor, place) => ({
      id: uuidv7(),
      visitor,
      question: filled(step.question, names.get(visitor.subjectId)),
      members: people[place]!,
    }))
    await writeRequests(ctx, asked, { kind: 'approval', step: step.key, until, channel: null }, requests)
    await notify(
      ctx,
      requests.map(({ id, visitor, question, members }) => ({
        topic: 'handling' as const,
        severity: 'high' as const,
        subject: { kind: batch.subject, id: visitor.subjectId },
        title: { ja: `承認の依頼: ${batch.flow.nameJa}`, en: `Approval wanted: ${batch.flow.nameEn}` },
        text: { ja: question, en: question },
        link: `/flows?tab=requests&open=${id}`,
        key: `flow-approval:${effectKey(visitor)}`,
        to: { members },
      })),
    )
    return [...answered, ...left.map(({ id }): Outcome => ({ id, until, waitsFor: 'answer' }))]
  },
}

/** Asks the vendor's product to do something, signed, and waits for its signed answer. */
export const provision: StepDefinition<'provision'> = {
  async run(ctx, step, batch) {
    const { answered, left } = await answersOf(ctx, batch, { done: 'done', failed: 'failed' }, 'timeout')
    if (left.length === 0) return answered
    const asked = { ...batch, visitors: left }
    if (!(await isWebhook(ctx, step.channel))) {
      return [...answered, ...allBy(asked, 'failed', { skipped: true, reason: 'channel_missing' })]
    }
    const until = new Date(ctx.now.getTime() + step.withinHours * 3_600_000)
    const requests = left.map(visitor => ({ id: uuidv7(), visitor, question: step.action, members: [] }))
    await writeRequests(ctx, asked, { kind: 'provision', step: step.key, until, channel: step.channel }, requests)
    const ids = new Map(requests.map(({ id, visitor }) => [visitor.id, id]))
    await send(ctx, asked, step.channel, 'provision.requested', visitor => ({
      requestId: ids.get(visitor.id)!,
      action: step.action,
      answerTo: `${ctx.installation.address}/v1/provisioning/${ctx.tenantId}/${ids.get(visitor.id)!}`,
      answerBy: until.toISOString(),
    }))
    return [...answered, ...left.map(({ id }): Outcome => ({ id, until, waitsFor: 'answer' }))]
  },
}

interface NewRequest {
  id: string
  visitor: Visitor
  question: string
  members: readonly string[]
}

async function writeRequests(
  ctx: Context,
  batch: Batch,
  about: { kind: 'approval' | 'provision'; step: string; until: Date; channel: string | null },
  requests: readonly NewRequest[],
): Promise<void> {
  const lines = requests.map(({ id, visitor, question, members }) => ({
    id,
    enrolment_id: visitor.id,
    visit: visitor.visit,
    question,
    members,
  }))
  await sql`
    insert into flow_request (tenant_id, id, enrolment_id, visit, flow_id, step, kind, state, question, member_ids, channel, asked_at, due_at)
    select ${ctx.tenantId}, line.id, line.enrolment_id, line.visit, ${batch.flow.id}, ${about.step}, ${about.kind}, 'waiting',
      line.question, array(select jsonb_array_elements_text(line.members)::uuid), ${about.channel}, ${ctx.now}, ${about.until}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, enrolment_id uuid, visit int, question text, members jsonb)
    returning 1`.execute(ctx.tx)
}

/**
 * What was answered to those who asked at this visit already; `left` have not asked yet.
 * @param late the way of those whose time is over
 */
async function answersOf(
  ctx: Context,
  batch: Batch,
  ways: Readonly<Record<string, string>>,
  late: string,
): Promise<{ answered: Outcome[]; left: Visitor[] }> {
  const asked = batch.visitors.filter(({ resumed }) => resumed)
  if (asked.length === 0) return { answered: [], left: [...batch.visitors] }
  const keys = JSON.stringify(asked.map(({ id, visit }) => ({ id, visit })))
  const { rows } = await sql<{ enrolment: string; state: string; due: Date; note: string | null }>`
    update flow_request r set state = case when r.state = 'waiting' and r.due_at <= ${ctx.now} then 'expired' else r.state end
    from jsonb_to_recordset(${keys}::jsonb) as line (id uuid, visit int)
    where r.tenant_id = ${ctx.tenantId} and r.enrolment_id = line.id and r.visit = line.visit
    returning r.enrolment_id as enrolment, r.state, r.due_at as due, r.note`.execute(ctx.tx)
  const known = new Map(rows.map(row => [row.enrolment, row]))
  const answered = asked.flatMap(({ id }): Outcome[] => {
    const request = known.get(id)
    if (!request) return []
    const { state, due, note } = request
    if (state === 'waiting') return [{ id, until: due, waitsFor: 'answer' }]
    return [{ id, way: ways[state] ?? late, details: { answer: state, note } }]
  })
  return { answered, left: batch.visitors.filter(({ id }) => !known.has(id)) }
}
