import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { type Mailbox, startMailbox } from '../../../tests/support/mailbox.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { messagesOf, writeCampaign, writeContacts, writeTemplate } from '../../../tests/support/messages.ts'
import { prepareCampaign, startDueCampaigns } from './commands/campaigns.ts'
import { beginSending, claimMessages, settleMessage } from './commands/outbox.ts'
import { sendQueued } from './commands/send.ts'
import * as contract from './contract/campaigns.ts'
import { updateTemplate } from './contract/templates.ts'

let mailbox: Mailbox
let application: TestApplication
let company: TestCompany
let parts: { topic: string; template: string }

beforeAll(async () => {
  mailbox = await startMailbox()
  const from = { name: 'Kizuna', address: 'no-reply@kizuna.test' }
  application = await testApplication({ smtp: { url: mailbox.url, from } })
})
afterAll(async () => {
  await application.end()
  await mailbox.close()
})
beforeEach(async () => {
  mailbox.behave({ kind: 'accept' })
  mailbox.received.length = 0
  company = await newCompany(application)
  parts = await writeTemplate(company)
})

const send = () => sendQueued(application.installation, company.tenantId, new AbortController().signal)
const campaign = async (id: string) => (await company.admin.call(contract.getCampaign, { params: { id } })).body

describe('campaigns', () => {
  it('EML-3: states sum to the audience, and the campaign ends', async () => {
    await writeContacts(company, 12, place => (place < 4 ? { emailConsent: 'UNKNOWN' } : {}))
    const id = await writeCampaign(company, parts)
    await company.admin.call(contract.startCampaign, { params: { id }, body: {} })
    await finishJobs(application)
    expect(await campaign(id)).toMatchObject({
      state: 'finished',
      figures: { audience: 12, sent: 8, suppressed: 4, pending: 0 },
    })
    const page = await company.admin.call(contract.listMessages, { params: { id }, query: { state: 'suppressed' } })
    expect(page.body.items.map(({ reason }) => reason)).toEqual(Array(4).fill('no_consent'))
  })

  it('shows beforehand who would get it and why others would not', async () => {
    await writeContacts(company, 5, place => (place < 2 ? { emailState: 'UNSUBSCRIBED' } : {}))
    const audience = { kind: 'condition', condition: { all: [] } }
    const preview = await company.admin.call(contract.previewAudience, { body: { audience, topicId: parts.topic } })
    expect(preview.body).toMatchObject({ contacts: 5, reached: 3, left: [{ reason: 'unsubscribed', contacts: 2 }] })
    expect(preview.body.samples).toHaveLength(3)
  })

  it('pauses, resumes without repeating anybody, and cancels what is left', async () => {
    await writeContacts(company, 20)
    const id = await writeCampaign(company, parts)
    await company.admin.call(contract.startCampaign, { params: { id }, body: {} })
    mailbox.behave({ kind: 'slow', milliseconds: 60 })
    const jobs = finishJobs(application)
    while (mailbox.received.length < 5) await new Promise(resolve => setTimeout(resolve, 10))
    await company.admin.call(contract.pauseCampaign, { params: { id } })
    await jobs
    const halfway = mailbox.received.length
    expect(halfway).toBeLessThan(20)
    await send()
    expect(mailbox.received.length).toBe(halfway)
    mailbox.behave({ kind: 'accept' })
    await company.admin.call(contract.resumeCampaign, { params: { id } })
    await company.admin.call(contract.pauseCampaign, { params: { id } })
    await company.admin.call(contract.cancelCampaign, { params: { id } })
    await finishJobs(application)
    expect(await campaign(id)).toMatchObject({
      state: 'cancelled',
      figures: { audience: 20, sent: halfway, suppressed: 20 - halfway },
    })
    expect(new Set(mailbox.received.flatMap(({ envelope }) => envelope.to)).size).toBe(halfway)
    expect((await company.admin.call(contract.startCampaign, { params: { id }, body: {} })).status).toBe(409)
  })

  it('is cancelled while its recipients are looked for: then it writes to nobody', async () => {
    await writeContacts(company, 3)
    const id = await writeCampaign(company, parts)
    await company.admin.call(contract.startCampaign, { params: { id }, body: {} })
    expect((await campaign(id)).state).toBe('preparing')
    expect((await company.admin.call(contract.cancelCampaign, { params: { id } })).status).toBe(200)
    await finishJobs(application)
    expect([(await campaign(id)).state, await messagesOf(company), mailbox.received]).toEqual(['cancelled', [], []])
  })

  it('EML-1: an archived template is neither chosen nor sent, and what was planned with it says why', async () => {
    await writeContacts(company, 1)
    const [planned, draft] = [await writeCampaign(company, parts), await writeCampaign(company, parts)]
    const at = new Date(Date.now() + 3_600_000).toISOString()
    await company.admin.call(contract.startCampaign, { params: { id: planned }, body: { at } })
    const archived = { params: { id: parts.template }, body: { state: 'archived' as const } }
    expect((await company.admin.call(updateTemplate, archived)).status).toBe(200)
    const start = await company.admin.call(contract.startCampaign, { params: { id: draft }, body: {} })
    expect([start.status, start.problem.detail]).toEqual([422, expect.stringContaining('アーカイブ')])
    const audience = { kind: 'condition' as const, condition: { all: [] } }
    const body = { name: '配信', templateId: parts.template, topicId: parts.topic, audience }
    expect((await company.admin.call(contract.createCampaign, { body })).status).toBe(422)
    await asSystem(company, async ctx => {
      await sql`update campaign set scheduled_at = now() - interval '1 minute' where tenant_id = ${ctx.tenantId} and id = ${planned}`.execute(
        ctx.tx,
      )
      await startDueCampaigns(ctx)
    })
    await finishJobs(application)
    expect(await campaign(planned)).toMatchObject({ state: 'draft', fault: expect.stringContaining('アーカイブ') })
    expect(mailbox.received).toEqual([])
  })

  it('EML-3: cancels a message, too, that was being told and that the server refused for now (I4)', async () => {
    await writeContacts(company, 1)
    const id = await writeCampaign(company, parts)
    await company.admin.call(contract.startCampaign, { params: { id }, body: {} })
    await asSystem(company, ctx => prepareCampaign(ctx, id))
    const [message] = await asSystem(company, ctx => claimMessages(ctx, null, { most: 1, perMinute: null }))
    await asSystem(company, async ctx => {
      const { rows } = await sql<{ email: string }>`
        select email from contact where tenant_id = ${ctx.tenantId} and id = ${message!.contactId}`.execute(ctx.tx)
      expect(await beginSending(ctx, message!, rows[0]!.email, Buffer.alloc(32))).toBe(true)
    })
    await company.admin.call(contract.cancelCampaign, { params: { id } })
    const delivery = { state: 'later' as const, reason: '451' }
    await asSystem(company, ctx => settleMessage(ctx, { message: message!, delivery, common: false }))
    expect(await messagesOf(company)).toMatchObject([{ state: 'suppressed', reason: 'cancelled' }])
    expect(await campaign(id)).toMatchObject({ state: 'cancelled', figures: { pending: 0, suppressed: 1 } })
  })

  it('starts at its moment; hours late it asks instead', async () => {
    await writeContacts(company, 1)
    const [due, late] = [await writeCampaign(company, parts), await writeCampaign(company, parts)]
    const at = new Date(Date.now() + 3_600_000).toISOString()
    for (const id of [due, late]) await company.admin.call(contract.startCampaign, { params: { id }, body: { at } })
    await asSystem(company, async ctx => {
      const ago = (hours: number, id: string) =>
        sql`update campaign set scheduled_at = now() - make_interval(hours => ${hours}) where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
          ctx.tx,
        )
      await ago(1, due)
      await ago(7, late)
      await startDueCampaigns(ctx)
    })
    await finishJobs(application)
    expect([(await campaign(due)).state, (await campaign(late)).state]).toEqual(['finished', 'late'])
    expect(mailbox.received).toHaveLength(1)
    await company.admin.call(contract.startCampaign, { params: { id: late }, body: {} })
    await finishJobs(application)
    expect(mailbox.received).toHaveLength(2)
  })
})
