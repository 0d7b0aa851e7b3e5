import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import {
  announce,
  type Context,
  enqueue,
  permissionScope,
  record,
  requirePermission,
  tenantIdOf,
} from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError, forbidden, notFound } from '../../../platform/errors/app-error.ts'
import type { RawReply, RawRequest } from '../../../platform/http/raw.ts'
import { inTenant } from '../../../platform/tenancy/transaction.ts'
import { channelSecret } from '../../notices/queries/channels.ts'
import { provisionAnswer } from '../contract/hooks.ts'
import { runJob } from './enrol.ts'

interface Asked {
  id: string
  state: string
  kind: 'approval' | 'provision'
  enrolment: string
  visit: number
  members: string[]
  /** One of those who were asked is still a member. */
  anybodyLeft: boolean
  due: Date
  channel: string | null
}

/**
 * Approves or refuses what a flow asks. Only who was asked may; where nobody could be asked or
 * all of them have left, whoever looks after flows.
 * @throws AppError `not_found`, `forbidden`, `conflict` where it was decided or its time is over
 */
export async function decideRequest(
  ctx: Context,
  id: string,
  { approve, note }: { approve: boolean; note: string },
): Promise<void> {
  requirePermission(ctx, 'flows.view')
  const asked = await lockRequest(ctx, id)
  if (asked?.kind !== 'approval') throw notFound()
  const self = ctx.actor.kind === 'member' ? ctx.actor.id : ''
  const mayDecide =
    asked.members.includes(self) || (!asked.anybodyLeft && permissionScope(ctx.actor, 'flows.manage') === 'all')
  if (!mayDecide) throw forbidden('flows.view')
  if (asked.state !== 'waiting' || asked.due <= ctx.now) throw decided()
  const state = approve ? 'approved' : 'refused'
  await settle(ctx, asked, { state, by: ctx.actor.id ?? null, note: note || null, answer: null })
  record(ctx, { action: `flow_request.${state}`, subject: { kind: 'flow_request', id }, details: {} })
}

/**
 * Takes the signed answer of the vendor's product. One that came before is answered alike and changes nothing.
 * @throws AppError `unauthenticated`, `malformed`
 */
export async function receiveAnswer(installation: Installation, request: RawRequest): Promise<RawReply> {
  const { params, headers, body, origin } = request
  const actor = { kind: 'system', id: undefined, name: 'flows.provision' } as const
  const id = params.id ?? ''
  if (!z.uuid().safeParse(id).success || !z.uuid().safeParse(params.companyId).success) throw unsigned()
  await inTenant(installation, origin, tenantIdOf(params.companyId!.toLowerCase()), actor, async ctx => {
    const asked = await lockRequest(ctx, id)
    const secret = asked?.channel ? await channelSecret(ctx, asked.channel) : undefined
    if (!asked || !secret) throw unsigned()
    const said = readAnswer(secret, body, headers as Record<string, string>)
    if (asked.state !== 'waiting' || asked.due <= ctx.now) return
    await settle(ctx, asked, {
      state: said.status,
      by: null,
      note: said.message ?? null,
      answer: JSON.stringify(said.data ?? {}),
    })
    record(ctx, { action: `flow_request.${said.status}`, subject: { kind: 'flow_request', id }, details: {} })
  })
  return { status: 200, body: { received: true } }
}

function readAnswer(secret: string, body: Buffer, headers: Record<string, string>) {
  const text = body.toString('utf8')
  try {
    new Webhook(secret).verify(text, headers)
  } catch {
    throw unsigned()
  }
  const parsed = provisionAnswer.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  throw new AppError('malformed', {
    ja: '本文は {"status": "done"} または {"status": "failed"} の形で送ってください。',
    en: 'The body has to be {"status": "done"} or {"status": "failed"}.',
  })
}

/** What a text holds; undefined where it is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function lockRequest(ctx: Context, id: string): Promise<Asked | undefined> {
  const { rows } = await sql<Asked>`
    select r.id, r.state, r.kind, r.enrolment_id as enrolment, r.visit, r.member_ids as members, r.due_at as due, r.channel,
      exists (select 1 from member m where m.tenant_id = ${ctx.tenantId} and m.id = any(r.member_ids)) as "anybodyLeft"
    from flow_request r where r.tenant_id = ${ctx.tenantId} and r.id = ${id} for update`.execute(ctx.tx)
  return rows[0]
}

/** Writes an answer down and takes the enrolment on at once. */
async function settle(
  ctx: Context,
  asked: Asked,
  { state, by, note, answer }: { state: string; by: string | null; note: string | null; answer: string | null },
): Promise<void> {
  await sql`
    update flow_request set state = ${state}, decided_by = ${by}::uuid, decided_at = ${ctx.now}, note = ${note}, answer = ${answer}::jsonb
    where tenant_id = ${ctx.tenantId} and id = ${asked.id}`.execute(ctx.tx)
  await sql`
    update flow_enrolment set due_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${asked.enrolment}
      and visit = ${asked.visit} and state in ('active', 'paused')`.execute(ctx.tx)
  enqueue(ctx, { name: runJob, payload: {}, key: 'run' })
  announce(ctx, { type: 'flow_request.answered', subject: { kind: 'flow_request', id: asked.id }, payload: { state } })
}

function decided(): AppError {
  return new AppError('conflict', {
    ja: 'この依頼はすでに処理されたか、期限を過ぎています。',
    en: 'This was decided already, or its time is over.',
  })
}

function unsigned(): AppError {
  return new AppError('unauthenticated', {
    ja: '署名が正しくありません。依頼を受け取ったチャネルの秘密鍵で署名してください。',
    en: 'The signature is wrong. Sign with the secret of the channel by which the request came.',
  })
}
