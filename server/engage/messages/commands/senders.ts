import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { seal } from '../../../platform/secrets/box.ts'
import { nameServers } from '../client.ts'
import type { createSender as create, DomainChecks, updateSender as update } from '../contract/settings.ts'
import { judgeDomain } from '../domain-records.ts'
import { keyPlace, storedSender } from '../queries/senders.ts'

const makeKeys = promisify(generateKeyPair)

/** @returns its id. @throws AppError `conflict` for an address that is a sender already */
export async function createSender(ctx: Context, input: z.output<typeof create.body>): Promise<string> {
  requirePermission(ctx, 'messages.manage')
  const id = uuidv7()
  const { publicKey, privateKey } = await makeKeys('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  if (input.isDefault) await noDefault(ctx)
  const { rows } = await sql`
    insert into message_sender (tenant_id, id, name, local_part, domain, reply_to, per_minute, dkim_selector, dkim_public, dkim_box,
      is_default, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${input.name}, ${input.localPart}, ${input.domain}, ${input.replyTo}, ${input.perMinute}::integer,
      ${`kizuna-${id.slice(-6)}`}, ${publicKey.toString('base64')}, ${seal(ctx.installation.keyring, keyPlace(ctx, id), privateKey)},
      ${input.isDefault}, ${ctx.now}, ${ctx.now})
    on conflict (tenant_id, domain, local_part) do nothing returning 1`.execute(ctx.tx)
  if (rows.length === 0) {
    throw new AppError('conflict', {
      ja: 'このアドレスの送信元はすでにあります。',
      en: 'There is a sender with this address already.',
    })
  }
  record(ctx, {
    action: 'message_sender.created',
    subject: { kind: 'message_sender', id },
    details: { domain: input.domain },
  })
  return id
}

/** @throws AppError `not_found` */
export async function updateSender(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  if (input.isDefault) await noDefault(ctx)
  const { numAffectedRows } = await sql`
    update message_sender set name = coalesce(${input.name ?? null}, name),
      reply_to = ${input.replyTo === undefined ? sql`reply_to` : sql`${input.replyTo}::text`},
      per_minute = ${input.perMinute === undefined ? sql`per_minute` : sql`${input.perMinute}::integer`},
      is_default = coalesce(${input.isDefault ?? null}::boolean, is_default), updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw notFound()
  record(ctx, {
    action: 'message_sender.changed',
    subject: { kind: 'message_sender', id },
    details: { fields: Object.keys(input) },
  })
}

/** @throws AppError `not_found`, `conflict` while campaigns or waiting messages name it */
export async function deleteSender(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { rows } = await sql<{ used: boolean }>`
    select exists (select 1 from campaign x where x.tenant_id = ${ctx.tenantId} and x.sender_id = s.id)
      or exists (select 1 from message x where x.tenant_id = ${ctx.tenantId} and x.sender_id = s.id and x.state = 'pending') as used
    from message_sender s where s.tenant_id = ${ctx.tenantId} and s.id = ${id} for update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  if (rows[0].used) {
    throw new AppError('conflict', {
      ja: 'この送信元は配信で使われているため、削除できません。',
      en: 'Campaigns use this sender, so it cannot be deleted.',
    })
  }
  await sql`delete from message_sender where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'message_sender.deleted', subject: { kind: 'message_sender', id } })
}

async function noDefault(ctx: Context): Promise<void> {
  await sql`update message_sender set is_default = false where tenant_id = ${ctx.tenantId} and is_default`.execute(
    ctx.tx,
  )
}

/**
 * Looks at the records of a sender's domain and keeps what they say: from the moment in which its key is seen, messages
 * are signed. @param lookUp whom it asks @throws AppError `not_found`
 */
export async function checkSender(ctx: Context, id: string, lookUp = nameServers): Promise<DomainChecks> {
  requirePermission(ctx, 'messages.manage')
  const sender = await storedSender(ctx, id)
  if (!sender) throw notFound()
  const checks = await judgeDomain(
    {
      domain: sender.domain,
      selector: sender.selector ?? '',
      publicKey: sender.publicKey ?? '',
      server: ctx.installation.smtp ? new URL(ctx.installation.smtp.url).hostname : undefined,
    },
    lookUp,
  )
  await sql`
    update message_sender set checks = ${JSON.stringify(checks)}::jsonb, checked_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, {
    action: 'message_sender.checked',
    subject: { kind: 'message_sender', id },
    details: { domain: sender.domain, checks: Object.fromEntries(checks.map(({ kind, state }) => [kind, state])) },
  })
  return checks
}
