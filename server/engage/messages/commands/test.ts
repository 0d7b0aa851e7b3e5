import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { openLine } from '../../../platform/mail/lines.ts'
import { keepMails } from '../../../platform/mail/queue.ts'
import { insideOf } from '../../../platform/tenancy/inside.ts'
import { messageLanguages } from '../contract/blocks.ts'
import type { testTemplate } from '../contract/templates.ts'
import { senderOf, storedSender } from '../queries/senders.ts'
import { versionContents } from '../queries/stored.ts'
import { exampleRecipient, writeExample } from './preview.ts'
import { defaultSender } from './queue.ts'

/** The job that sends a test. */
export const testJob = 'messages.test'

/** What a test is of. Its words are written when it is sent, so that the queue holds nobody's data. */
export const testShape = z.object({
  tenantId: z.uuid(),
  memberId: z.uuid(),
  templateId: z.uuid(),
  version: z.number().int(),
  language: z.enum(messageLanguages),
  contactId: z.uuid().optional(),
  senderId: z.uuid().nullable(),
})

type Test = z.output<typeof testShape>

/**
 * Has the newest version of a template sent to the actor, by the sender and in the way of a campaign.
 * @returns the address. @throws AppError `not_found`, `conflict`, `invalid_input`
 */
export async function sendTest(
  ctx: Context,
  templateId: string,
  { language, senderId, ...whom }: z.output<typeof testTemplate.body>,
): Promise<string> {
  requirePermission(ctx, 'messages.manage')
  requirePermission(ctx, 'customers.read')
  const { rows } = await sql<{ version: number }>`
    select version from message_template where tenant_id = ${ctx.tenantId} and id = ${templateId}`.execute(ctx.tx)
  if (!rows[0] || (senderId && !(await storedSender(ctx, senderId)))) throw notFound()
  const memberId = ctx.actor.kind === 'member' ? ctx.actor.id : undefined
  const address = memberId && (await addressOf(ctx, memberId))
  if (!memberId || !address) {
    throw new AppError('conflict', {
      ja: 'テスト送信は、サインインしているメンバー宛てに行います。',
      en: 'A test goes to the member who is signed in.',
    })
  }
  const recipient = await exampleRecipient(ctx, whom)
  const test: Test = {
    tenantId: ctx.tenantId,
    memberId,
    templateId,
    version: rows[0].version,
    language,
    ...(recipient && { contactId: recipient.contactId }),
    senderId: senderId ?? (await defaultSender(ctx)),
  }
  // What cannot be written is told at once.
  await writeTest(ctx, test)
  enqueue(ctx, { name: testJob, payload: { ...test } })
  record(ctx, { action: 'message_template.tested', subject: { kind: 'message_template', id: templateId } })
  return address
}

/**
 * Sends a test. A server that has a trouble is tried again by the job.
 * @throws Error where it was not taken
 */
export async function deliverTest(installation: Installation, test: Test): Promise<void> {
  const inside = insideOf(installation, test.tenantId, testJob)
  const ready = await inside(async ctx => {
    const to = await addressOf(ctx, test.memberId)
    return to && { to, written: await writeTest(ctx, test), sender: await senderOf(ctx, test.senderId) }
  })
  // Who asked for it has left.
  if (!ready) return
  const { to, written, sender } = ready
  if (!installation.smtp) {
    await inside(ctx => keepMails(ctx, 'message_test', [{ to, content: written }]))
    return
  }
  const line = openLine(installation.smtp.url)
  try {
    const { delivery } = await line.deliver({
      ...written,
      from: sender.from,
      to,
      messageId: `<${uuidv7()}@${sender.from.address.split('@')[1] ?? 'localhost'}>`,
      ...(sender.replyTo !== undefined && { replyTo: sender.replyTo }),
      ...(sender.dkim && { dkim: sender.dkim }),
    })
    if (delivery.state === 'later' || delivery.state === 'refused') throw new Error(delivery.reason)
  } finally {
    line.close()
  }
}

async function writeTest(ctx: Context, { templateId, version, language, contactId }: Test) {
  const content = (await versionContents(ctx, [{ template: templateId, version }])).get(`${templateId} ${version}`)
  if (!content) throw notFound()
  const written = await writeExample(ctx, content, language, await exampleRecipient(ctx, { contactId }))
  return { ...written, subject: `[Test] ${written.subject}` }
}

async function addressOf(ctx: Context, memberId: string): Promise<string | undefined> {
  const { rows } = await sql<{ email: string }>`
    select who.email from member colleague join app_user who on who.id = colleague.user_id
    where colleague.tenant_id = ${ctx.tenantId} and colleague.id = ${memberId}::uuid`.execute(ctx.tx)
  return rows[0]?.email
}
