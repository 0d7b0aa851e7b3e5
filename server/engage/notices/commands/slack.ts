import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { type Actor, enqueue, type Origin, type TenantId, tenantIdOf } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Locale, Words } from '../../../platform/errors/words.ts'
import type { RawReply, RawRequest } from '../../../platform/http/raw.ts'
import type { Role } from '../../../platform/permissions/contract.ts'
import { inTenant } from '../../../platform/tenancy/transaction.ts'
import { type CardAction, type CardSubject, cardActions, cardKinds, doneWords } from '../card.ts'
import { answerSlack, emailOfSlackUser } from '../client.ts'
import { slackInteraction } from '../contract/slack.ts'
import { doneBlocks } from '../message.ts'
import { slackTarget } from '../queries/channels.ts'
import { isFromSlack } from '../slack-signature.ts'
import { actByCard } from './act.ts'

export const interactJob = 'notices.slack_interaction'

const system = { kind: 'system', id: undefined, name: 'notices.slack' } as const

/** A press of a button that Slack vouched for. */
export const pressed = z.object({
  tenantId: z.uuid(),
  channelId: z.uuid(),
  userId: z.string(),
  responseUrl: z.string(),
  action: z.string(),
  subject: z.string(),
  blocks: z.array(z.looseObject({ type: z.string() })),
})
type Pressed = z.output<typeof pressed>

/**
 * Takes the press of a button: proves that Slack sent it, lately and for the first time, and leaves the rest to a job, so
 * that Slack has its answer at once (it waits three seconds).
 * @throws AppError `unauthenticated`, `malformed`
 */
export async function receiveSlack(installation: Installation, request: RawRequest): Promise<RawReply> {
  const { params, headers, body, origin } = request
  const { companyId = '', id = '' } = params
  if (!z.uuid().safeParse(id).success || !z.uuid().safeParse(companyId).success) throw unsigned()
  const timestamp = String(headers['x-slack-request-timestamp'] ?? '')
  const signature = String(headers['x-slack-signature'] ?? '')
  const tenantId = tenantIdOf(companyId.toLowerCase())
  await inTenant(installation, origin, tenantId, system, async ctx => {
    const target = await slackTarget(ctx, id)
    if (!target?.signingSecret || !isFromSlack(target.signingSecret, { timestamp, signature, body }, ctx.now)) {
      throw unsigned()
    }
    const hash = createHash('sha256').update(signature).digest()
    const { rows } = await sql`
      insert into notice_card_use (tenant_id, hash, used_at) values (${ctx.tenantId}, ${hash}, ${ctx.now})
      on conflict do nothing returning 1`.execute(ctx.tx)
    if (rows.length === 0) throw unsigned()
    const said = readInteraction(body)
    const [button] = said.actions
    // The button that opens the page is a link: there is nothing to do.
    if (!button?.value) return
    enqueue(ctx, {
      name: interactJob,
      payload: {
        tenantId,
        channelId: id,
        userId: said.user.id,
        responseUrl: said.response_url,
        action: button.action_id,
        subject: button.value,
        blocks: JSON.parse(JSON.stringify(said.message.blocks)),
      },
    })
  })
  return { status: 200, body: '', type: 'text/plain; charset=utf-8' }
}

function readInteraction(body: Buffer) {
  try {
    return slackInteraction.parse(JSON.parse(new URLSearchParams(body.toString('utf8')).get('payload') ?? ''))
  } catch {
    throw new AppError('malformed', {
      ja: '本文は、Slackのボタン操作（block_actions）の形ではありません。',
      en: 'The body is no press of a button (block_actions) as Slack sends it.',
    })
  }
}

/** Does what the button says as the member with the person's address in Slack, and says on the card how it went. */
export async function actOnPress(installation: Installation, press: Pressed): Promise<void> {
  const tenantId = tenantIdOf(press.tenantId)
  const privateTargets = installation.privateTargets ?? []
  const { target, locale } = await inTenant(installation, origin(), tenantId, system, async ctx => {
    const { rows } = await sql<{ locale: Locale }>`select locale from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
    return { target: await slackTarget(ctx, press.channelId), locale: rows[0]!.locale }
  })
  if (!target) return
  const answer = (body: object) => answerSlack(press.responseUrl, body, privateTargets)
  try {
    const asked = readButton(press)
    const email = await emailOfSlackUser(target, press.userId, privateTargets)
    const member = email ? await memberOf(installation, tenantId, email) : undefined
    if (!asked || !member) {
      await answer({ response_type: 'ephemeral', replace_original: false, text: strangerWords[locale] })
      return
    }
    const { name, ...known } = member
    const actor: Actor = { kind: 'member', ...known, sessionId: `slack ${press.userId}` }
    await inTenant(installation, origin(), tenantId, actor, ctx => actByCard(ctx, asked.subject, asked.action, 'slack'))
    const words = doneWords(asked.action, name)[locale]
    await answer({ replace_original: true, text: words, blocks: doneBlocks(press.blocks, press.action, words) })
  } catch (error) {
    const words = error instanceof AppError ? error.words : failedWords
    await answer({ response_type: 'ephemeral', replace_original: false, text: words[locale] })
  }
}

/** What a button asks for; undefined for one that is none of ours. */
function readButton({ action, subject }: Pressed): { subject: CardSubject; action: CardAction } | undefined {
  const [first, verb] = action.split('.')
  const kind = cardKinds.find(each => each === first)
  if (!kind) return undefined
  const known = cardActions[kind].find(each => each === verb)
  return known && z.uuid().safeParse(subject).success ? { subject: { kind, id: subject }, action: known } : undefined
}

async function memberOf(installation: Installation, tenantId: TenantId, email: string) {
  return inTenant(installation, origin(), tenantId, system, async ctx => {
    const { rows } = await sql<{ id: string; userId: string; role: Role; name: string }>`
      select m.id, m.user_id as "userId", m.role, u.name from member m join app_user u on u.id = m.user_id
      where m.tenant_id = ${ctx.tenantId} and u.email = ${email.toLowerCase()}`.execute(ctx.tx)
    return rows[0]
  })
}

function origin(): Origin {
  return { requestId: `slack ${uuidv7()}`, network: undefined, locale: 'ja', now: new Date() }
}

function unsigned(): AppError {
  return new AppError('unauthenticated', {
    ja: '署名が正しくないか、古いか、使用済みです。チャネルの署名シークレットを確認してください。',
    en: 'The signature is wrong, too old, or was used before. Check the signing secret of the channel.',
  })
}

const strangerWords: Words = {
  ja: 'Slackのメールアドレスに一致するKizunaのメンバーがいないため、操作できません。管理者に招待を依頼してください。',
  en: 'No member of Kizuna has the e-mail address of your Slack account, so nothing was done. Ask an administrator to invite you.',
}
const failedWords: Words = {
  ja: '処理できませんでした。Kizunaの画面から操作してください。',
  en: 'This could not be done. Please do it in Kizuna.',
}
