import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, permissionScope, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import type { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import type * as contract from '../contract/enrolments.ts'
import { reasonWords } from '../words.ts'
import { customerInReach } from './reach.ts'

const flowName = sql`json_build_object('ja', f.name_ja, 'en', f.name_en)`

/** What an enrolment `e` of a flow `f` is about. */
function names(ctx: Context, row: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`left join customer k on k.tenant_id = ${ctx.tenantId} and k.id = ${row}.customer_id
    left join customer sk on f.subject = 'customer' and sk.tenant_id = ${ctx.tenantId} and sk.id = ${row}.subject_id
    left join contact sc on f.subject = 'contact' and sc.tenant_id = ${ctx.tenantId} and sc.id = ${row}.subject_id`
}
const subjectName = sql`coalesce(sk.name, sc.name, '')`

const enrolmentJson = sql`'id', e.id, 'flowId', e.flow_id, 'flowName', ${flowName}, 'version', e.version, 'subjectId', e.subject_id,
  'subjectName', ${subjectName}, 'customerId', e.customer_id, 'customerName', k.name, 'state', e.state,
  'step', case when e.state <> 'ended' then e.step end,
  'waiting', e.waits_for is not null, 'dueAt', e.due_at, 'cause', e.cause, 'enteredAt', e.entered_at, 'endedAt', e.ended_at,
  'reason', e.reason, 'goalAt', e.goal_at, 'fault', e.fault`

/** Enrolments, the latest first, of the customers that the actor may see. */
export async function enrolmentPage(
  ctx: Context,
  query: z.output<typeof contract.listEnrolments.query>,
): Promise<JsonText> {
  requirePermission(ctx, 'flows.view')
  const after = readCursor(query.cursor, 2)
  const { rows } = await sql<{ item: string }>`
    select json_build_object(${enrolmentJson})::text as item from flow_enrolment e
    join flow f on f.tenant_id = ${ctx.tenantId} and f.id = e.flow_id ${names(ctx, sql`e`)}
    where e.tenant_id = ${ctx.tenantId} and (e.customer_id is null or ${customerInReach(ctx, sql`e.customer_id`, 'customers.read')})
      ${query.flowId ? sql`and e.flow_id = ${query.flowId}` : sql``}
      ${query.subjectId ? sql`and e.subject_id = ${query.subjectId}` : sql``}
      ${query.customerId ? sql`and e.customer_id = ${query.customerId}` : sql``}
      ${query.state ? sql`and e.state = ${query.state}` : sql``}
      ${query.step ? sql`and e.step = ${query.step} and e.state in ('active', 'paused', 'failed')` : sql``}
      ${after ? sql`and (e.entered_at, e.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by e.entered_at desc, e.id desc limit ${sql.lit(query.limit + 1)}`.execute(ctx.tx)
  return jsonPage(rows, query.limit, ['enteredAt', 'id'])
}

/** One enrolment with its run log. @throws AppError `not_found` */
export async function oneEnrolment(ctx: Context, id: string): Promise<RouteReply<typeof contract.getEnrolment>> {
  requirePermission(ctx, 'flows.view')
  const { rows } = await sql<{ item: RouteReply<typeof contract.getEnrolment> }>`
    select json_build_object(${enrolmentJson}, 'log', coalesce((
      select json_agg(json_build_object('visit', r.visit, 'step', r.step, 'kind', r.kind, 'arrivedAt', r.arrived_at, 'at', r.at,
        'outcome', r.outcome, 'way', r.way, 'reason', r.reason, 'details', coalesce(r.details, '{}')) order by r.visit)
      from flow_step_run r where r.tenant_id = ${ctx.tenantId} and r.enrolment_id = e.id), '[]')) as item
    from flow_enrolment e join flow f on f.tenant_id = ${ctx.tenantId} and f.id = e.flow_id ${names(ctx, sql`e`)}
    where e.tenant_id = ${ctx.tenantId} and e.id = ${id}
      and (e.customer_id is null or ${customerInReach(ctx, sql`e.customer_id`, 'customers.read')})`.execute(ctx.tx)
  const [row] = rows
  if (!row) throw notFound()
  const log = row.item.log.map(line => ({ ...line, text: line.reason === null ? null : reasonWords(line.reason) }))
  return { ...row.item, log }
}

/** Whom a trigger brought and who did not come in, the latest first. @throws AppError `not_found` */
export async function refusalPage(
  ctx: Context,
  flowId: string,
  query: z.output<typeof contract.listRefusals.query>,
): Promise<JsonText> {
  requirePermission(ctx, 'flows.view')
  const { rows: known } =
    await sql`select 1 from flow f where f.tenant_id = ${ctx.tenantId} and f.id = ${flowId}`.execute(ctx.tx)
  if (known.length === 0) throw notFound()
  const after = readCursor(query.cursor, 2)
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', r.id, 'at', r.at, 'subjectId', r.subject_id, 'subjectName', ${subjectName}, 'cause', r.cause,
      'reason', r.reason)::text as item
    from (select r.*, coalesce((select p.customer_id from contact p where p.tenant_id = ${ctx.tenantId} and p.id = r.subject_id),
        (select k.id from customer k where k.tenant_id = ${ctx.tenantId} and k.id = r.subject_id)) as customer_id
      from flow_refusal r where r.tenant_id = ${ctx.tenantId} and r.flow_id = ${flowId}) r
    join flow f on f.tenant_id = ${ctx.tenantId} and f.id = r.flow_id ${names(ctx, sql`r`)}
    where r.tenant_id = ${ctx.tenantId} and (r.customer_id is null or ${customerInReach(ctx, sql`r.customer_id`, 'customers.read')})
      ${after ? sql`and (r.at, r.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by r.at desc, r.id desc limit ${sql.lit(query.limit + 1)}`.execute(ctx.tx)
  return jsonPage(rows.map(worded), query.limit, ['at', 'id'])
}

/** Contacts that were held back, the latest first. */
export async function suppressionPage(
  ctx: Context,
  query: z.output<typeof contract.listSuppressions.query>,
): Promise<JsonText> {
  requirePermission(ctx, 'flows.view')
  const after = readCursor(query.cursor, 2)
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', r.id, 'at', r.at, 'flowId', r.flow_id, 'flowName', ${flowName}, 'enrolmentId', r.enrolment_id,
      'step', r.step, 'subjectId', r.subject_id, 'subjectName', ${subjectName}, 'contactId', r.contact_id,
      'contactName', person.name, 'reason', r.reason)::text as item
    from flow_suppression r left join contact person on person.tenant_id = ${ctx.tenantId} and person.id = r.contact_id
     join flow f on f.tenant_id = ${ctx.tenantId} and f.id = r.flow_id ${names(ctx, sql`r`)}
    where r.tenant_id = ${ctx.tenantId}
      and (r.customer_id is null or ${customerInReach(ctx, sql`r.customer_id`, 'customers.read')})
      ${query.flowId ? sql`and r.flow_id = ${query.flowId}` : sql``}
      ${query.customerId ? sql`and r.customer_id = ${query.customerId}` : sql``}
      ${after ? sql`and (r.at, r.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by r.at desc, r.id desc limit ${sql.lit(query.limit + 1)}`.execute(ctx.tx)
  return jsonPage(rows.map(worded), query.limit, ['at', 'id'])
}

function worded({ item }: { item: string }): { item: string } {
  const line = JSON.parse(item) as { reason: string }
  return { item: JSON.stringify({ ...line, text: reasonWords(line.reason) }) }
}

/** What flows ask, the earliest due first. */
export async function requestPage(
  ctx: Context,
  query: z.output<typeof contract.listRequests.query>,
): Promise<JsonText> {
  requirePermission(ctx, 'flows.view')
  const after = readCursor(query.cursor, 2)
  const { rows } = await sql<{ item: string }>`
    select json_build_object(${requestJson(ctx)})::text as item ${requestFrom(ctx)}
    where r.tenant_id = ${ctx.tenantId}
      and (e.customer_id is null or ${mayDecide(ctx)} or ${customerInReach(ctx, sql`e.customer_id`, 'customers.read')})
      ${query.view === 'waiting' ? sql`and r.state = 'waiting'` : sql``}
      ${query.mine === 'true' ? sql`and ${mayDecide(ctx)}` : sql``}
      ${query.kind ? sql`and r.kind = ${query.kind}` : sql``}
      ${after ? sql`and (r.due_at, r.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by r.due_at, r.id limit ${sql.lit(query.limit + 1)}`.execute(ctx.tx)
  return jsonPage(rows, query.limit, ['dueAt', 'id'])
}

/** One request. @throws AppError `not_found` */
export async function oneRequest(ctx: Context, id: string): Promise<RouteReply<typeof contract.decideRequest>> {
  const { rows } = await sql<{ item: RouteReply<typeof contract.decideRequest> }>`
    select json_build_object(${requestJson(ctx)}) as item ${requestFrom(ctx)}
    where r.tenant_id = ${ctx.tenantId} and r.id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0].item
}

function mayDecide(ctx: Context): RawBuilder<unknown> {
  const self = ctx.actor.kind === 'member' ? ctx.actor.id : null
  const everybody = permissionScope(ctx.actor, 'flows.manage') === 'all'
  return sql`(r.kind = 'approval' and r.state = 'waiting' and r.due_at > ${ctx.now}
    and (${self}::uuid = any(r.member_ids) or (${everybody} and not exists (
      select 1 from member x where x.tenant_id = ${ctx.tenantId} and x.id = any(r.member_ids)))))`
}

function requestJson(ctx: Context): RawBuilder<unknown> {
  return sql`'id', r.id, 'kind', r.kind, 'state', r.state, 'flowId', r.flow_id, 'flowName', ${flowName}, 'enrolmentId', r.enrolment_id,
    'subjectId', e.subject_id, 'subjectName', ${subjectName}, 'question', r.question, 'askedAt', r.asked_at, 'dueAt', r.due_at,
    'mayDecide', ${mayDecide(ctx)}, 'decidedByName', u.name, 'decidedAt', r.decided_at, 'note', r.note`
}

function requestFrom(ctx: Context): RawBuilder<unknown> {
  return sql`from flow_request r join flow f on f.tenant_id = ${ctx.tenantId} and f.id = r.flow_id
    join flow_enrolment e on e.tenant_id = ${ctx.tenantId} and e.id = r.enrolment_id ${names(ctx, sql`e`)}
    left join member m on m.tenant_id = ${ctx.tenantId} and m.id = r.decided_by left join app_user u on u.id = m.user_id`
}
