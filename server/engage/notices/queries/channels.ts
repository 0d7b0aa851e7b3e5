import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { type BoxPlace, unseal } from '../../../platform/secrets/box.ts'
import type { ChannelTarget, createChannel, SlackTarget } from '../contract/channels.ts'
import type { Severity, Topic } from '../contract/shapes.ts'

export interface Channel {
  id: string
  key: string
  topics: Topic[]
  severity: Severity
  enabled: boolean
}

/** Where the box of a channel stands. */
export function channelPlace(ctx: Pick<Context, 'tenantId'>, id: string): BoxPlace {
  return { tenant: ctx.tenantId, table: 'notice_channel', column: 'box', row: id }
}

/** The channels of the company, without what they lead to. */
export async function channelsOf(ctx: Context): Promise<Channel[]> {
  const { rows } = await sql<Channel>`
    select id, key, topics, severity, enabled from notice_channel where tenant_id = ${ctx.tenantId} order by id`.execute(
    ctx.tx,
  )
  return rows
}

/** @param id left out: all of them, by name */
export async function channelList(ctx: Context, id?: string): Promise<JsonText> {
  const { rows } = await sql<{ items: string }>`
    select coalesce(json_agg(json_build_object('id', c.id, 'key', c.key, 'name', c.name, 'kind', c.kind, 'shown', c.shown,
      'topics', c.topics, 'severity', c.severity, 'enabled', c.enabled, 'interactionPath', case when c.kind = 'slack_api' then '/v1/slack/' || c.tenant_id || '/' || c.id end, 'lastSentAt', c.last_sent_at, 'lastError', c.last_error,
      'lastErrorAt', c.last_error_at, 'createdAt', c.created_at) order by c.name, c.id), '[]')::text as items
    from notice_channel c where c.tenant_id = ${ctx.tenantId} and c.id = coalesce(${id ?? null}::uuid, c.id)`.execute(
    ctx.tx,
  )
  return new JsonText(`{"items":${rows[0]!.items}}`)
}

/** A channel as it was made or changed, with the secret that is shown this one time. */
export async function madeChannel(
  ctx: Context,
  { id, secret }: { id: string; secret: string | null },
): Promise<RouteReply<typeof createChannel>> {
  const { items } = JSON.parse((await channelList(ctx, id)).text)
  return { channel: items[0], secret }
}

/** The secret with which a channel of programs signs, for checking what they answer; undefined where there is none. */
export async function channelSecret(ctx: Context, key: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string; box: string }>`
    select id, box from notice_channel where tenant_id = ${ctx.tenantId} and key = ${key} and kind = 'webhook'`.execute(
    ctx.tx,
  )
  const [channel] = rows
  if (!channel) return undefined
  const target: ChannelTarget = JSON.parse(unseal(ctx.installation.keyring, channelPlace(ctx, channel.id), channel.box))
  return 'secret' in target ? target.secret : undefined
}

/** How a channel of Slack is spoken to by its bot; undefined where it is none, or is switched off. */
export async function slackTarget(ctx: Context, id: string): Promise<SlackTarget | undefined> {
  const { rows } = await sql<{ box: string }>`
    select box from notice_channel where tenant_id = ${ctx.tenantId} and id = ${id} and kind = 'slack_api' and enabled`.execute(
    ctx.tx,
  )
  const [channel] = rows
  return channel && JSON.parse(unseal(ctx.installation.keyring, channelPlace(ctx, id), channel.box))
}
