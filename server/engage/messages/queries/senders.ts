import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { unseal } from '../../../platform/secrets/box.ts'
import type { DomainChecks, listSenders } from '../contract/settings.ts'

/** Where the box of a key stands. */
export function keyPlace(ctx: Pick<Context, 'tenantId'>, id: string) {
  return { tenant: ctx.tenantId, table: 'message_sender', column: 'dkim_box', row: id }
}

/** Who messages come from, and what signs them. */
export interface Sender {
  from: { name: string; address: string }
  replyTo?: string
  perMinute: number | null
  dkim?: { domain: string; selector: string; privateKey: string }
}

export interface StoredSender {
  id: string
  name: string
  localPart: string
  domain: string
  replyTo: string | null
  perMinute: number | null
  isDefault: boolean
  selector: string | null
  publicKey: string | null
  box: string | null
  checkedAt: Date | null
  checks: DomainChecks
}

/** Senders as they are stored: all, or the one named. */
export async function storedSenders(ctx: Context, id?: string): Promise<StoredSender[]> {
  const { rows } = await sql<StoredSender>`
    select id, name, local_part as "localPart", domain, reply_to as "replyTo", per_minute as "perMinute", is_default as "isDefault",
      dkim_selector as selector, dkim_public as "publicKey", dkim_box as box, checked_at as "checkedAt", checks
    from message_sender where tenant_id = ${ctx.tenantId} and ${id ? sql`id = ${id}` : sql`true`} order by domain, local_part`.execute(
    ctx.tx,
  )
  return rows
}

/** One sender as it is stored; undefined where there is none. */
export async function storedSender(ctx: Context, id: string): Promise<StoredSender | undefined> {
  return (await storedSenders(ctx, id))[0]
}

export async function senderList(ctx: Context): Promise<RouteReply<typeof listSenders>> {
  const stored = await storedSenders(ctx)
  return {
    items: stored.map(({ selector: _, publicKey: __, box, checkedAt, ...shown }) => ({
      ...shown,
      signs: box !== null,
      checkedAt: checkedAt?.toISOString() ?? null,
    })),
  }
}

/**
 * What a message of a sender is sent with. A domain is written from, and signs, once its key was seen in its records: that
 * proves that it is the company's. Before, messages go out from the installation's address under the sender's name, and
 * answers go to the sender. @param id null: the sender of the installation, under the company's name
 */
export async function senderOf(ctx: Context, id: string | null): Promise<Sender> {
  const stored = id === null ? undefined : await storedSender(ctx, id)
  const own = ctx.installation.smtp?.from.address ?? `no-reply@${new URL(ctx.installation.address).hostname}`
  if (!stored) {
    const { rows } = await sql<{ name: string }>`select name from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
    return { from: { name: rows[0]!.name, address: own }, perMinute: null }
  }
  const isSeen = stored.checks.some(({ kind, state }) => kind === 'dkim' && state === 'good')
  const address = `${stored.localPart}@${stored.domain}`
  if (!isSeen && !(await isProven(ctx, stored.domain))) {
    const answersTo = stored.replyTo ?? address
    return { from: { name: stored.name, address: own }, replyTo: answersTo, perMinute: stored.perMinute }
  }
  return {
    from: { name: stored.name, address },
    ...(stored.replyTo && { replyTo: stored.replyTo }),
    perMinute: stored.perMinute,
    ...(stored.box &&
      stored.selector &&
      isSeen && {
        dkim: {
          domain: stored.domain,
          selector: stored.selector,
          privateKey: unseal(ctx.installation.keyring, keyPlace(ctx, stored.id), stored.box),
        },
      }),
  }
}

/** Whether the key of any sender of the domain was seen in its records. */
async function isProven(ctx: Context, domain: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from message_sender s where s.tenant_id = ${ctx.tenantId} and s.domain = ${domain}
      and s.checks @> '[{"kind": "dkim", "state": "good"}]' limit 1`.execute(ctx.tx)
  return rows.length > 0
}
