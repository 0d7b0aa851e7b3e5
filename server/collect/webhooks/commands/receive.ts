import { isUtf8 } from 'node:buffer'
import { sql } from 'kysely'
import { type Context, enqueue, record, type TenantId, tenantIdOf } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { RawReply, RawRequest } from '../../../platform/http/raw.ts'
import { unseal } from '../../../platform/secrets/box.ts'
import { inTenant } from '../../../platform/tenancy/transaction.ts'
import { isFresh, isSigned, type SignedHead } from '../signature.ts'

const actor = { kind: 'system', id: undefined, name: 'webhooks' } as const

/** Refusals of one endpoint that are written to the audit log in a minute; a flood must not fill it. */
const mostNoted = 20
const noted = new Map<string, { began: number; count: number }>()

type Fault = 'unsigned' | 'stale' | 'wrong_signature' | 'malformed'

/**
 * Takes a delivery: stored as it came, then answered; what it says is followed by a job. One that came before under the
 * same id is answered alike and not followed again.
 * @throws AppError `unauthenticated`, `malformed`, `unavailable`
 */
export async function receiveDelivery(installation: Installation, request: RawRequest): Promise<RawReply> {
  const { params, headers, body, origin } = request
  const tenantId = companyOf(params.companyId ?? '')
  const head = headOf(headers)
  const fault = await inTenant(installation, origin, tenantId, actor, async ctx => {
    const secrets = await secretsOf(ctx, params.id ?? '')
    if (secrets === undefined) throw unsigned()
    const found = faultOf(secrets, head, body, origin.now.getTime())
    if (found) noteRefusal(ctx, params.id!, found)
    else await store(ctx, params.id!, head!.id, body.toString('utf8'))
    return found
  })
  if (fault === 'malformed') {
    throw new AppError('malformed', { ja: '本文がJSONとして読み取れません。', en: 'The body is no JSON.' })
  }
  if (fault) throw unsigned()
  return { status: 200, body: { received: true } }
}

function faultOf(secrets: string[], head: SignedHead | undefined, body: Buffer, now: number): Fault | undefined {
  if (!head) return 'unsigned'
  if (!isFresh(head.timestamp, now)) return 'stale'
  if (!isSigned(secrets, head, body)) return 'wrong_signature'
  return isStorable(body) ? undefined : 'malformed'
}

/** Stored as text, so it must be text that PostgreSQL holds. */
function isStorable(body: Buffer): boolean {
  if (!isUtf8(body) || body.includes(0)) return false
  try {
    JSON.parse(body.toString('utf8'))
    return true
  } catch {
    return false
  }
}

async function store(ctx: Context, endpointId: string, webhookId: string, body: string): Promise<void> {
  const { numAffectedRows } = await sql`
    insert into webhook_delivery (tenant_id, endpoint_id, webhook_id, received_at, body, state)
    values (${ctx.tenantId}, ${endpointId}, ${webhookId}, ${ctx.now}, ${body}, 'waiting') on conflict do nothing`.execute(
    ctx.tx,
  )
  if (numAffectedRows !== 1n) return
  await sql`
    update webhook_endpoint set last_seen_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${endpointId}`.execute(
    ctx.tx,
  )
  enqueue(ctx, { name: 'webhooks.follow', payload: { endpointId, webhookId } })
}

/** Secrets that hold now; undefined where there is no such endpoint. */
async function secretsOf(ctx: Context, endpointId: string): Promise<string[] | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(endpointId)) return undefined
  const { rows } = await sql<{ id: string | null; box: string | null }>`
    select s.id, s.box from webhook_endpoint e
    left join webhook_secret s on s.tenant_id = ${ctx.tenantId} and s.endpoint_id = e.id and (s.expires_at is null or s.expires_at > ${ctx.now})
    where e.tenant_id = ${ctx.tenantId} and e.id = ${endpointId} and e.disabled_at is null`.execute(ctx.tx)
  if (rows.length === 0) return undefined
  return rows.flatMap(({ id, box }) => (id && box ? [unseal(ctx.installation.keyring, secretPlace(ctx, id), box)] : []))
}

export function secretPlace(ctx: Context, id: string) {
  return { tenant: ctx.tenantId, table: 'webhook_secret', column: 'box', row: id }
}

function noteRefusal(ctx: Context, endpointId: string, fault: Fault): void {
  const now = ctx.now.getTime()
  const minute = noted.get(endpointId)
  if (minute && now - minute.began < 60_000) {
    if (minute.count++ >= mostNoted) return
  } else {
    if (noted.size > 10_000) noted.clear()
    noted.set(endpointId, { began: now, count: 1 })
  }
  record(ctx, {
    action: 'webhook.refused',
    outcome: 'refused',
    subject: { kind: 'webhook_endpoint', id: endpointId },
    details: { reason: fault },
  })
}

function headOf(headers: RawRequest['headers']): SignedHead | undefined {
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  const signatures = headers['webhook-signature']
  if (typeof id !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(id)) return undefined
  if (typeof timestamp !== 'string' || typeof signatures !== 'string') return undefined
  return { id, timestamp, signatures }
}

function companyOf(text: string): TenantId {
  try {
    return tenantIdOf(text)
  } catch {
    throw unsigned()
  }
}

function unsigned(): AppError {
  return new AppError('unauthenticated', {
    ja: '署名、時刻、または送信先のアドレスが正しくありません。シークレットと送信元の時計を確認してください。',
    en: 'The signature, its time or the address is wrong. Check the secret and the clock of the sender.',
  })
}
