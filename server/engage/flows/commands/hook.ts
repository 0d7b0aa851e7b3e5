import { sql } from 'kysely'
import type { z } from 'zod'
import { findCustomers } from '../../../customers/accounts/queries/match.ts'
import { findContacts } from '../../../customers/contacts/queries/match.ts'
import { type Context, record, requirePermission, tenantIdOf } from '../../../platform/context/context.ts'
import { invalidField, notFound } from '../../../platform/errors/app-error.ts'
import { newToken, readToken } from '../../../platform/secrets/token.ts'
import type { AccountContext } from '../../../platform/tenancy/transaction.ts'
import type { callFlowHook } from '../contract/hooks.ts'
import { lockFlow, runningFlows } from '../queries/stored.ts'
import { ofRecord } from '../queries/triggers.ts'
import { enrolSubjects } from './enrol.ts'

/** Makes a secret address for a flow; the one before holds no more. @throws AppError `not_found` */
export async function rotateHook(ctx: Context, id: string): Promise<{ path: string }> {
  requirePermission(ctx, 'flows.manage')
  await lockFlow(ctx, id)
  const token = newToken('hook', ctx.tenantId)
  await sql`update flow set hook_hash = ${token.hash}, updated_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  )
  record(ctx, { action: 'flow.hook_made', subject: { kind: 'flow', id }, details: {} })
  return { path: `/api/v1/flow-hooks?token=${token.text}` }
}

/** A program calls the secret address of a flow. @throws AppError `not_found` for a secret that is none, `invalid_input` */
export async function callHook(
  account: AccountContext,
  text: string,
  body: z.output<typeof callFlowHook.body>,
): Promise<{ enrolled: number; reason: string | null }> {
  const token = readToken('hook', text)
  if (!token?.tenantId) throw notFound()
  const ctx = await account.enter(tenantIdOf(token.tenantId), { kind: 'system', id: undefined, name: 'flows.hook' })
  const { rows } = await sql<{ id: string }>`
    select f.id from flow f where f.tenant_id = ${ctx.tenantId} and f.hook_hash = ${token.hash}`.execute(ctx.tx)
  const flow = rows[0] && (await runningFlows(ctx)).find(({ id }) => id === rows[0]!.id)
  if (!flow?.published.triggers.some(({ kind }) => kind === 'webhook')) throw notFound()
  const record = await recordOf(ctx, body)
  if (!record) {
    throw invalidField('body', {
      ja: '該当する顧客・担当者が見つかりません。customerId、userId、email のいずれかを確認してください。',
      en: 'There is no such customer or contact. Check customerId, userId or email.',
    })
  }
  const key = `webhook:${body.id ?? ctx.requestId}`
  const records = sql`select ${record.id}::uuid as record_id, ${record.kind} as record, ${key} as cause_key`
  const { enrolled, heldOut, refused } = await enrolSubjects(ctx, flow, ofRecord(ctx, flow.subject, records), {
    cause: 'webhook',
  })
  return { enrolled, reason: refused[0]?.reason ?? (heldOut > 0 ? 'holdout' : null) }
}

async function recordOf(
  ctx: Context,
  { customerId, userId, email }: z.output<typeof callFlowHook.body>,
): Promise<{ kind: 'customer' | 'contact'; id: string } | undefined> {
  if (userId !== undefined || email !== undefined) {
    const [id] = await findContacts(ctx, [{ ...(userId && { externalId: userId }), ...(email && { email }) }])
    if (id) return { kind: 'contact', id }
  }
  const [id] = customerId === undefined ? [] : await findCustomers(ctx, [{ externalId: customerId }])
  return id ? { kind: 'customer', id } : undefined
}
