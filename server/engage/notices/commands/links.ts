import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { seal, unseal } from '../../../platform/secrets/box.ts'
import { type CardAction, type CardSubject, cardActions, cardKinds } from '../card.ts'
import type { CardLink } from '../message.ts'
import { actByCard } from './act.ts'

/** A link of a card holds so long (days). */
const validDays = 7

const content = z.object({
  kind: z.enum(cardKinds),
  id: z.uuid(),
  action: z.enum(['acknowledge', 'assign', 'snooze', 'approve', 'refuse']),
  title: z.object({ ja: z.string(), en: z.string() }),
  until: z.number(),
})
type Content = z.output<typeof content>

/** Links for cards whose buttons cannot come back signed: each opens a page that asks, and acts once for who is signed in. */
export function cardLinks(ctx: Context, subject: CardSubject, title: Words): CardLink[] {
  const until = ctx.now.getTime() + validDays * 86_400_000
  return cardActions[subject.kind].map(action => {
    const text: Content = {
      ...subject,
      action,
      title: { ja: title.ja.slice(0, 100), en: title.en.slice(0, 100) },
      until,
    }
    return { action, address: `${ctx.installation.address}/card#${sealed(ctx, text)}` }
  })
}

function place(ctx: Context) {
  return { tenant: ctx.tenantId, table: 'notice_card_use', column: 'token', row: 'link' }
}

function sealed(ctx: Context, text: Content): string {
  return Buffer.from(seal(ctx.installation.keyring, place(ctx), JSON.stringify(text))).toString('base64url')
}

/** @throws AppError `expired` for a link that was changed, is of another company, too old, or used */
export async function readLink(ctx: Context, token: string): Promise<{ action: CardAction; title: Words }> {
  requirePermission(ctx, 'customers.read')
  const { action, title } = opened(ctx, token)
  const { rows } = await sql`
    select 1 from notice_card_use where tenant_id = ${ctx.tenantId} and hash = ${hashOf(token)}`.execute(ctx.tx)
  if (rows.length > 0) throw gone()
  return { action, title }
}

/** Does what a link says, once. @throws AppError `expired`, and what the deed itself refuses */
export async function pressLink(ctx: Context, token: string): Promise<{ action: CardAction }> {
  requirePermission(ctx, 'customers.read')
  const { kind, id, action } = opened(ctx, token)
  const { rows } = await sql`
    insert into notice_card_use (tenant_id, hash, used_at) values (${ctx.tenantId}, ${hashOf(token)}, ${ctx.now})
    on conflict do nothing returning 1`.execute(ctx.tx)
  if (rows.length === 0) throw gone()
  await actByCard(ctx, { kind, id }, action, 'link')
  return { action }
}

function opened(ctx: Context, token: string): Content {
  try {
    const box = Buffer.from(token, 'base64url').toString('utf8')
    // One link has one spelling: else it could be used again in another.
    if (Buffer.from(box).toString('base64url') !== token) throw gone()
    const said = content.parse(JSON.parse(unseal(ctx.installation.keyring, place(ctx), box)))
    if (said.until < ctx.now.getTime()) throw gone()
    return said
  } catch {
    throw gone()
  }
}

/** By what is inside: the parts of a box can be spelled in more than one way, its decoded bytes cannot. */
function hashOf(token: string): Buffer {
  const [, , nonce = ''] = Buffer.from(token, 'base64url').toString('utf8').split('.')
  return createHash('sha256').update(Buffer.from(nonce, 'base64url')).digest()
}

function gone(): AppError {
  return new AppError('expired', {
    ja: 'このリンクは使用済みか、期限切れか、別の会社のものです。Kizunaの画面から操作してください。',
    en: 'This link was used, is too old, or belongs to another company. Please do it in Kizuna.',
  })
}
