import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { seal } from '../../../platform/secrets/box.ts'
import { insideOf } from '../../../platform/tenancy/inside.ts'
import { nameServers } from '../client.ts'
import type { createSender as create, DomainChecks, updateSender as update } from '../contract/settings.ts'
import { judgeDomain, type SendingDomain } from '../domain-records.ts'
import { keyPlace, type StoredSender, storedSender, storedSenders } from '../queries/senders.ts'
import type { LookUp } from '../spf.ts'

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
  const checks = await keepChecks(ctx, id, await judgeDomain(domainOf(ctx.installation, sender), lookUp))
  recordCheck(ctx, sender, checks)
  return checks
}

/**
 * Looks at the domains of all senders again, so that a key that was taken out of one signs nothing more. Name servers are
 * asked between the transactions. @param lookUp whom it asks
 */
export async function checkSenders(
  installation: Installation,
  tenantId: string,
  lookUp: LookUp = nameServers,
): Promise<void> {
  const inside = insideOf(installation, tenantId, 'messages.check-senders')
  for (const sender of await inside(storedSenders)) {
    const found = await judgeDomain(domainOf(installation, sender), lookUp)
    await inside(async ctx => {
      const checks = await keepChecks(ctx, sender.id, found)
      // The log tells of changes; that all is as it was every day, nobody wants to read.
      if (statesOf(checks) !== statesOf(sender.checks)) recordCheck(ctx, sender, checks)
    })
  }
}

/** Keeps what was found. Where nobody answered, what was known before stays. @returns what is known now */
async function keepChecks(ctx: Context, id: string, found: DomainChecks): Promise<DomainChecks> {
  const { rows } = await sql<{ checks: DomainChecks }>`
    select checks from message_sender where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  const known = rows[0]?.checks ?? []
  const checks = found.map(check => {
    const before = known.find(({ kind }) => kind === check.kind)
    const isUnanswered = check.state === 'unknown' && (check.found === null || check.found === before?.found)
    return before && isUnanswered ? before : check
  })
  const isAnswered = found.some(({ state }) => state !== 'unknown')
  await sql`
    update message_sender set checks = ${JSON.stringify(checks)}::jsonb,
      checked_at = case when ${isAnswered} or checked_at is null then ${ctx.now} else checked_at end
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  return checks
}

function domainOf({ smtp }: Installation, sender: StoredSender): SendingDomain {
  return {
    domain: sender.domain,
    selector: sender.selector ?? '',
    publicKey: sender.publicKey ?? '',
    server: smtp ? new URL(smtp.url).hostname : undefined,
  }
}

const statesOf = (checks: DomainChecks) => checks.map(({ kind, state }) => `${kind} ${state}`).join()

function recordCheck(ctx: Context, { id, domain }: StoredSender, checks: DomainChecks): void {
  record(ctx, {
    action: 'message_sender.checked',
    subject: { kind: 'message_sender', id },
    details: { domain, checks: Object.fromEntries(checks.map(({ kind, state }) => [kind, state])) },
  })
}
