import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { enrolIn, enrolmentsOf, logOf, newFlow, runAt } from '../../../tests/support/flows.ts'
import { messagesOf, writeContacts, writeTemplate } from '../../../tests/support/messages.ts'
import { updateCustomer } from '../../customers/accounts/contract/customers.ts'
import { createContact, listContacts, updateContact } from '../../customers/contacts/contract.ts'
import { getTemplate } from '../messages/contract/templates.ts'
import * as enrolments from './contract/enrolments.ts'

let application: TestApplication
let company: TestCompany
let template: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  const written = await writeTemplate(company)
  template = (await company.admin.call(getTemplate, { params: { id: written.template }, query: {} })).body.key
})
afterAll(() => application.end())

/** Has everybody in a flow due at a moment, and the flow run then. */
async function wakeAt(flowId: string, moment: string) {
  await asSystem(company, ctx =>
    sql`update flow_enrolment set due_at = ${moment} where tenant_id = ${ctx.tenantId} and flow_id = ${flowId}`.execute(
      ctx.tx,
    ),
  )
  await runAt(company, new Date(moment))
}

/** Until when subjects wait, or by what they went on. */
async function duesOf(flowId: string, ids: readonly string[]) {
  const found = new Map((await enrolmentsOf(company, flowId)).map(each => [each.subjectId, each]))
  return ids.map(id => {
    const { dueAt, log } = found.get(id)!
    return log.length > 0 ? logOf({ ...found.get(id)! }).join() : new Date(dueAt!).toISOString().slice(0, 16)
  })
}

const mail = (more: object = {}) => ({ key: 'mail', kind: 'email' as const, template, next: null, ...more })

describe('FLW-2 the recipient’s time zone', () => {
  it('a contact’s own, else its customer’s, else the company’s: working hours, times of a day, quiet hours', async () => {
    const abroad = await newCustomer(company, { timeZone: 'America/New_York' })
    const people = await writeContacts(company, 3, place => ({
      customerId: place === 0 ? null : abroad,
      ...(place === 2 && { timeZone: 'Europe/Berlin' }),
    }))
    const flows = {
      hour: await newFlow(company, {
        subject: 'contact',
        steps: [{ key: 'office', kind: 'wait_working_hour', next: null }],
      }),
      quiet: await newFlow(company, {
        subject: 'contact',
        steps: [mail()],
        quiet: { start: '21:00', end: '08:00' },
      }),
    }
    for (const { id } of Object.values(flows)) await enrolIn(company, id, people)
    // Saturday noon in Tokyo, Friday evening in New York, Saturday before dawn in Berlin.
    await wakeAt(flows.hour.id, '2029-03-10T03:00:00Z')
    expect(await duesOf(flows.hour.id, people)).toEqual(['2029-03-12T00:00', '2029-03-12T13:00', '2029-03-12T08:00'])
    await wakeAt(flows.quiet.id, '2029-03-11T04:00:00Z')
    expect(await duesOf(flows.quiet.id, people)).toEqual(['mail next', '2029-03-11T12:00', '2029-03-11T07:00'])
  })

  it('a customer’s mail waits for the night of the person who gets it', async () => {
    const customer = await newCustomer(company, { timeZone: 'Asia/Tokyo' })
    await writeContacts(company, 1, () => ({ customerId: customer, timeZone: 'America/New_York' }))
    const quiet = { start: '21:00', end: '08:00' }
    const flow = await newFlow(company, { steps: [mail()], quiet })
    await enrolIn(company, flow.id, [customer])
    await wakeAt(flow.id, '2029-03-11T04:00:00Z')
    expect(await duesOf(flow.id, [customer])).toEqual(['2029-03-11T12:00'])
  })

  it('a date is waited for by the clock of the recipient', async () => {
    const [home, abroad] = await Promise.all(
      ['Asia/Tokyo', 'America/New_York'].map(timeZone => newCustomer(company, { timeZone, renewalOn: '2029-03-20' })),
    )
    const flow = await newFlow(company, {
      steps: [{ key: 'before', kind: 'wait_date', field: 'renewalOn', offsetDays: -5, at: '09:00', next: null }],
    })
    await enrolIn(company, flow.id, [home!, abroad!])
    await wakeAt(flow.id, '2029-03-01T00:00:00Z')
    expect(await duesOf(flow.id, [home!, abroad!])).toEqual(['2029-03-15T00:00', '2029-03-15T13:00'])
  })

  it('is a name of the IANA database, written by the API, and found by conditions', async () => {
    const customer = await newCustomer(company)
    const made = await company.admin.call(createContact, { body: { name: '海外', timeZone: 'Europe/Paris' } })
    expect([made.status, made.body.timeZone]).toEqual([201, 'Europe/Paris'])
    const params = { id: made.body.id }
    for (const timeZone of ['Mars/Base', '+09:00', 'JST-9', '']) {
      expect((await company.admin.call(updateContact, { params, body: { timeZone } })).status).toBe(422)
      expect((await company.admin.call(updateCustomer, { params: { id: customer }, body: { timeZone } })).status).toBe(
        422,
      )
    }
    const filter = JSON.stringify({ field: 'timeZone', op: 'is', value: 'Europe/Paris' })
    const found = await company.admin.call(listContacts, { query: { filter } })
    expect([found.status, found.body.items?.map(({ id }) => id)]).toEqual([200, [made.body.id]])
    expect((await company.admin.call(updateContact, { params, body: { timeZone: null } })).body.timeZone).toBeNull()
  })
})

describe('FLW-3 caps count by who is spoken to', () => {
  it('by the person, whether itself or its customer goes through the flow; the log says for whom', async () => {
    await company.admin.call(enrolments.changeFlowSettings, {
      body: { cap: { most: 1, days: 7 }, exemptPriority: 0 },
    })
    const customer = await newCustomer(company)
    const [champion, other] = await writeContacts(company, 2, place => ({
      customerId: customer,
      ...(place === 0 && { stakeholderRole: 'CHAMPION' }),
    }))
    const own = await newFlow(company, { subject: 'contact', steps: [mail()] })
    const main = await newFlow(company, { steps: [mail()] })
    const all = await newFlow(company, { steps: [mail({ to: 'all' })] })
    await enrolIn(company, own.id, [champion!])
    await runAt(company)
    for (const { id } of [main, all]) {
      await enrolIn(company, id, [customer])
      await runAt(company)
    }
    const ring = await newFlow(company, {
      subject: 'contact',
      steps: [{ key: 'ring', kind: 'call', title: '電話', assign: { kind: 'nobody' }, next: null }],
    })
    await enrolIn(company, ring.id, [other!])
    await runAt(company)
    const logs = await Promise.all(
      [own, main, all, ring].map(async ({ id }) => logOf((await enrolmentsOf(company, id))[0]!)),
    )
    // The champion had its one; of all at the customer the other one still got something, and then no call.
    expect(logs).toEqual([['mail next'], ['mail cap'], ['mail next'], ['ring cap']])
    const sent = (await messagesOf(company)).filter(({ contactId }) => [champion, other].includes(contactId))
    expect(sent.map(({ contactId }) => contactId)).toEqual([champion, other])
    const { body } = await company.admin.call(enrolments.listSuppressions, { query: { customerId: customer } })
    expect(body.items.map(each => [each.flowId, each.reason, each.contactId, each.contactName]).reverse()).toEqual([
      [main.id, 'cap', champion, '受信者 0'],
      [all.id, 'cap', champion, '受信者 0'],
      [ring.id, 'cap', other, '受信者 1'],
    ])
    await company.admin.call(enrolments.changeFlowSettings, { body: { cap: null, exemptPriority: 0 } })
  })

  it('who gets nothing, for consent or because a topic is turned off, is not counted', async () => {
    await company.admin.call(enrolments.changeFlowSettings, {
      body: { cap: { most: 1, days: 7 }, exemptPriority: 0 },
    })
    const customer = await newCustomer(company)
    const [unsure] = await writeContacts(company, 1, () => ({ customerId: customer, emailConsent: 'DENIED' }))
    const flow = await newFlow(company, { steps: [mail()] })
    await enrolIn(company, flow.id, [customer])
    await runAt(company)
    const [enrolment] = await enrolmentsOf(company, flow.id)
    expect(logOf(enrolment!)).toEqual(['mail no_consent'])
    const { rows } = await asSystem(company, ctx =>
      sql`select 1 from flow_contact where tenant_id = ${ctx.tenantId} and recipient_id = ${unsure}`.execute(ctx.tx),
    )
    expect(rows).toEqual([])
    await company.admin.call(enrolments.changeFlowSettings, { body: { cap: null, exemptPriority: 0 } })
  })
})
