import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { type Mailbox, startMailbox } from '../../../tests/support/mailbox.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { writeCampaign, writeContacts, writeTemplate } from '../../../tests/support/messages.ts'
import { updateContacts } from '../../customers/contacts/commands/save.ts'
import { markCampaignGoals } from './commands/goals.ts'
import * as contract from './contract/campaigns.ts'

let mailbox: Mailbox
let application: TestApplication
let company: TestCompany
let parts: { topic: string; template: string }

beforeAll(async () => {
  mailbox = await startMailbox()
  application = await testApplication({
    smtp: { url: mailbox.url, from: { name: 'Kizuna', address: 'no-reply@kizuna.test' } },
  })
})
afterAll(async () => {
  await application.end()
  await mailbox.close()
})
beforeEach(async () => {
  company = await newCompany(application)
  parts = await writeTemplate(company)
})

const goal: contract.CampaignGoal = { condition: { field: 'title', op: 'is', value: '導入担当' }, withinDays: 14 }
const afterDays = (days: number) =>
  asSystem(company, ctx => markCampaignGoals({ ...ctx, now: new Date(ctx.now.getTime() + days * 86_400_000) }))
const reach = (id: string, of = company) =>
  asSystem(of, ctx => updateContacts(ctx, [{ id, values: { title: '導入担当' } }]))
const campaign = async (id: string) => (await company.admin.call(contract.getCampaign, { params: { id } })).body
const sent = async (of = goal) => {
  const id = await writeCampaign(company, parts, of)
  await company.admin.call(contract.startCampaign, { params: { id }, body: {} })
  await finishJobs(application)
  return id
}
const converted = async (id: string) => {
  const { body } = await company.admin.call(contract.listMessages, { params: { id }, query: { did: 'converted' } })
  return body.items.map(item => item.contactId)
}

describe('EML-3 conversions of a campaign', () => {
  it('counts who comes to the goal within its days, once, and not who was there before or comes too late', async () => {
    const [soon, late] = await writeContacts(company, 5, place =>
      place === 2 ? { title: '導入担当' } : place === 3 ? { emailConsent: 'DENIED', title: '導入担当' } : {},
    )
    const id = await sent()
    expect(await campaign(id)).toMatchObject({ goal, figures: { sent: 4, converted: 0 } })
    await afterDays(1)
    expect((await campaign(id)).figures.converted).toBe(0)
    await reach(soon!)
    await afterDays(13)
    await afterDays(13.5)
    expect(await converted(id)).toEqual([soon])
    await reach(late!)
    await afterDays(15)
    const page = await company.admin.call(contract.listMessages, { params: { id }, query: {} })
    expect(page.body.items.filter(item => item.convertedAt !== null).map(item => item.contactId)).toEqual([soon])
    expect((await campaign(id)).figures).toMatchObject({ sent: 4, converted: 1 })
  })

  it('does not count messages that never went out, nor those of another company', async () => {
    const [left] = await writeContacts(company, 2, place => (place === 0 ? { emailConsent: 'DENIED' } : {}))
    const id = await sent()
    await reach(left!)
    const other = await newCompany(application)
    const [foreign] = await writeContacts(other, 1)
    const foreignParts = await writeTemplate(other)
    const foreignId = await writeCampaign(other, foreignParts, goal)
    await other.admin.call(contract.startCampaign, { params: { id: foreignId }, body: {} })
    await finishJobs(application)
    await reach(foreign!, other)
    await afterDays(1)
    expect(await converted(id)).toEqual([])
    const theirs = await other.admin.call(contract.getCampaign, { params: { id: foreignId } })
    expect(theirs.body.figures.converted).toBe(0)
    expect((await company.admin.call(contract.getCampaign, { params: { id: foreignId } })).status).toBe(404)
  })

  it('cannot be changed once it has started; a condition that there is not is refused with its place', async () => {
    await writeContacts(company, 1)
    const id = await sent()
    const change = { params: { id }, body: { goal: { ...goal, withinDays: 30 } } }
    expect((await company.admin.call(contract.updateCampaign, change)).status).toBe(409)
    const draft = await writeCampaign(company, parts, goal)
    const unknown = { goal: { condition: { field: 'noSuchField', op: 'is_set' }, withinDays: 7 } }
    expect((await company.admin.call(contract.updateCampaign, { params: { id: draft }, body: unknown })).status).toBe(
      422,
    )
    const none = await company.admin.call(contract.updateCampaign, { params: { id: draft }, body: { goal: null } })
    expect(none.body.goal).toBeNull()
  })

  it('a condition whose segment is gone is told at the campaign, and others are measured all the same', async () => {
    const [reader] = await writeContacts(company, 1)
    const broken = await sent()
    const whole = await sent()
    await asSystem(company, ctx =>
      sql`update campaign set goal = ${JSON.stringify({ ...goal, condition: { field: 'gone', op: 'is_set' } })}::jsonb
        where tenant_id = ${ctx.tenantId} and id = ${broken}`.execute(ctx.tx),
    )
    await reach(reader!)
    await afterDays(1)
    expect((await campaign(broken)).fault).toContain('gone')
    expect(await converted(whole)).toEqual([reader])
  })
})
