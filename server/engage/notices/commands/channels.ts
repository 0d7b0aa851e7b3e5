import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { refuseNamed } from '../../../catalog/conditions/queries/uses.ts'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import { seal, unseal } from '../../../platform/secrets/box.ts'
import { checkTarget } from '../client.ts'
import type { ChannelTarget, createChannel as create, updateChannel as update } from '../contract/channels.ts'
import { channelPlace } from '../queries/channels.ts'
import { notifyChannel } from './notify.ts'

interface Made {
  id: string
  /** The secret that was made; it is shown this one time. */
  secret: string | null
}

/** @throws AppError `invalid_input` for a target that must not be reached, `conflict` for a key that is taken */
export async function createChannel(ctx: Context, input: z.output<typeof create.body>): Promise<Made> {
  requirePermission(ctx, 'channels.manage')
  await checkTarget(input.target, ctx.installation.privateTargets ?? [])
  const id = uuidv7()
  const { target, secret } = withSecret(input.target, undefined)
  const key = input.key ?? keyOf(input.name, id)
  const { rows } = await sql`
    insert into notice_channel (tenant_id, id, key, name, kind, box, shown, topics, severity, enabled, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${key}, ${input.name}, ${target.kind}, ${sealed(ctx, id, target)}, ${shownOf(target)},
      ${input.topics}::text[], ${input.severity}, ${input.enabled}, ${ctx.now}, ${ctx.now})
    on conflict (tenant_id, key) do nothing returning id`.execute(ctx.tx)
  if (rows.length === 0) {
    throw new AppError('conflict', {
      ja: `識別名「${key}」のチャネルはすでにあります。別の識別名を指定してください。`,
      en: `There is a channel with the key "${key}" already. Choose another one.`,
    })
  }
  record(ctx, {
    action: 'notice_channel.created',
    subject: { kind: 'notice_channel', id },
    details: { kind: target.kind, name: input.name },
  })
  return { id, secret }
}

/** @throws AppError `not_found`, `invalid_input` */
export async function updateChannel(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<Made> {
  requirePermission(ctx, 'channels.manage')
  const { rows } = await sql<{ kind: string; box: string }>`
    select kind, box from notice_channel where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  const [known] = rows
  if (!known) throw notFound()
  let box: string | null = null
  let shown: string | null = null
  let secret: string | null = null
  if (input.target) {
    if (input.target.kind !== known.kind) {
      throw invalidField('body.target.kind', {
        ja: 'チャネルの種類は変更できません。新しいチャネルを作成してください。',
        en: 'The kind of a channel does not change. Make a new channel.',
      })
    }
    await checkTarget(input.target, ctx.installation.privateTargets ?? [])
    const before: ChannelTarget = JSON.parse(unseal(ctx.installation.keyring, channelPlace(ctx, id), known.box))
    const next = withSecret(input.target, before)
    box = sealed(ctx, id, next.target)
    shown = shownOf(next.target)
    secret = next.secret
  }
  await sql`
    update notice_channel set name = coalesce(${input.name ?? null}, name), topics = coalesce(${input.topics ?? null}::text[], topics),
      severity = coalesce(${input.severity ?? null}, severity), enabled = coalesce(${input.enabled ?? null}::boolean, enabled),
      box = coalesce(${box}, box), shown = coalesce(${shown}, shown), updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, {
    action: 'notice_channel.changed',
    subject: { kind: 'notice_channel', id },
    details: { fields: Object.keys(input) },
  })
  return { id, secret }
}

/** @throws AppError `not_found`, `conflict` while running flows tell by it */
export async function deleteChannel(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'channels.manage')
  const { rows } = await sql<{ key: string }>`
    delete from notice_channel where tenant_id = ${ctx.tenantId} and id = ${id} returning key`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  await refuseNamed(ctx, { kind: 'notice_channel', key: rows[0].key })
  record(ctx, { action: 'notice_channel.deleted', subject: { kind: 'notice_channel', id } })
}

/** Sends a test notice. @returns the notice's id. @throws AppError `not_found` */
export async function testChannel(ctx: Context, id: string): Promise<string> {
  requirePermission(ctx, 'channels.manage')
  const { rows } = await sql<{ name: string }>`
    select name from notice_channel where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const [channel] = rows
  if (!channel) throw notFound()
  record(ctx, { action: 'notice_channel.tested', subject: { kind: 'notice_channel', id } })
  return notifyChannel(ctx, id, {
    topic: 'handling',
    severity: 'low',
    key: `test:${uuidv7()}`,
    title: { ja: `テスト通知: ${channel.name}`, en: `Test notice: ${channel.name}` },
    text: {
      ja: 'このメッセージが届いていれば、チャネルは正しく設定されています。対応は不要です。',
      en: 'If you can read this, the channel is set up well. There is nothing to do.',
    },
    link: '/settings/channels',
  })
}

function sealed(ctx: Context, id: string, target: ChannelTarget): string {
  return seal(ctx.installation.keyring, channelPlace(ctx, id), JSON.stringify(target))
}

/** Signed channels have a secret: the one given, the one before, or a new one that is shown once. */
function withSecret(
  target: ChannelTarget,
  before: ChannelTarget | undefined,
): { target: ChannelTarget; secret: string | null } {
  if (target.kind !== 'webhook' && target.kind !== 'sms') return { target, secret: null }
  const kept = target.secret ?? (before && 'secret' in before ? before.secret : undefined)
  if (kept) return { target: { ...target, secret: kept }, secret: null }
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  return { target: { ...target, secret }, secret }
}

/** What of a target is no secret. The path of a Slack or Teams address is one. */
function shownOf(target: ChannelTarget): string {
  if (target.kind === 'slack_api') return target.channel
  const { host } = new URL(target.url)
  return target.kind === 'sms' ? `${host} · ${target.numbers.length}` : host
}

/** A key from a name in Latin letters, else from the id. */
function keyOf(name: string, id: string): string {
  const key = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
  return key.length >= 2 ? key : `channel-${id.slice(-8)}`
}
