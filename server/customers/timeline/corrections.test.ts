import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany } from '../../../tests/support/factories.ts'
import { bulkUpdateCustomers, createCustomer, getCustomer } from '../accounts/contract/customers.ts'
import { previewTierModel } from '../accounts/contract/tiers.ts'
import { attributeUses, createAttribute } from '../attributes/contract/attributes.ts'
import { createInvoice, createPayment, deletePayment, listInvoices, updateInvoice } from '../billing/contract.ts'
import { createContact, getContact } from '../contacts/contract.ts'
import { createTicket, deleteTicket, updateTicket } from '../support/contract.ts'
import { createView } from '../views/contract.ts'
import { createCommunication, deleteCommunication, getTimeline, updateCommunication } from './contract.ts'

/** What was entered wrongly can be put right, and what does not fit together is refused (CUS-7, CUS-9, CUS-30). */

let application: TestApplication
let admin: Caller
let id: string
let other: string
let person: string
let stranger: string

const customer = async (name: string) => (await admin.call(createCustomer, { body: { name } })).body.id
const contact = async (name: string, customerId: string) =>
  (await admin.call(createContact, { body: { name, customerId } })).body.id

beforeAll(async () => {
  application = await testApplication()
  admin = (await newCompany(application)).admin
  id = await customer('北辰精密工業株式会社')
  other = await customer('東海ロジスティクス株式会社')
  person = await contact('森田 千尋', id)
  stranger = await contact('大野 誠', other)
})
afterAll(() => application.end())

describe('the last contact', () => {
  it('follows a corrected date, a deleted entry and what lies ahead', async () => {
    const call = (occurredAt: string, kind: 'CALL' | 'MEETING' = 'CALL') =>
      admin.call(createCommunication, {
        params: { id },
        body: { kind, body: '利用状況の確認', occurredAt, contactIds: [person] },
      })
    const last = async () => [
      (await admin.call(getCustomer, { params: { id } })).body.lastContactAt?.slice(0, 10),
      (await admin.call(getContact, { params: { id: person } })).body.lastCsmContactAt?.slice(0, 10),
    ]
    await call('2026-03-01T00:00:00Z')
    const wrong = (await call('2026-08-01T00:00:00Z')).body.id
    expect(await last()).toEqual(['2026-08-01', '2026-08-01'])
    await admin.call(updateCommunication, { params: { id: wrong }, body: { occurredAt: '2026-02-01T00:00:00Z' } })
    expect(await last()).toEqual(['2026-03-01', '2026-03-01'])
    const ahead = new Date(Date.now() + 7 * 86_400_000).toISOString()
    expect((await call(ahead)).status).toBe(422)
    expect((await call(ahead, 'MEETING')).status).toBe(201)
    expect(await last()).toEqual(['2026-03-01', '2026-03-01'])
    const latest = (await call('2026-04-01T00:00:00Z')).body.id
    await admin.call(deleteCommunication, { params: { id: latest } })
    expect(await last()).toEqual(['2026-03-01', '2026-03-01'])
  })
})

describe('invoices and their payments', () => {
  const invoice = async (more: object = {}) =>
    (
      await admin.call(createInvoice, {
        body: { customerId: id, amount: 100, currency: 'JPY', issuedOn: '2026-03-01', dueOn: '2026-03-31', ...more },
      })
    ).body.id
  const pay = (invoiceId: string, more: object = {}) =>
    admin.call(createPayment, {
      body: { customerId: id, invoiceId, amount: 100, currency: 'JPY', attemptedAt: '2026-03-20T00:00:00Z', ...more },
    })
  const known = async (invoiceId: string) =>
    (await admin.call(listInvoices, { query: { customerId: id } })).body.items.find(item => item.id === invoiceId)

  it('is open again without the payment that had paid it; one marked by hand stays paid', async () => {
    const paid = await invoice()
    const failed = (await pay(paid, { outcome: 'FAILED' })).body.id
    const payment = (await pay(paid)).body.id
    expect(await known(paid)).toMatchObject({ status: 'PAID', paidOn: '2026-03-20', failedAttempts: 1 })
    await admin.call(deletePayment, { params: { id: payment } })
    expect(await known(paid)).toMatchObject({ status: 'OPEN', paidOn: null, failedAttempts: 1 })
    await admin.call(deletePayment, { params: { id: failed } })
    expect(await known(paid)).toMatchObject({ status: 'OPEN', failedAttempts: 0 })
    const marked = await invoice()
    const part = (await pay(marked, { amount: 10 })).body.id
    await admin.call(updateInvoice, { params: { id: marked }, body: { status: 'PAID', paidOn: '2026-03-25' } })
    await admin.call(deletePayment, { params: { id: part } })
    expect(await known(marked)).toMatchObject({ status: 'PAID', paidOn: '2026-03-25' })
  })

  it('stands at its day on the timeline, in the zone of the company', async () => {
    const { items } = (await admin.call(getTimeline, { params: { id }, query: { groups: 'billing' } })).body
    const line = items.find(item => item.kind === 'invoice.issued')!
    expect(line).toMatchObject({ details: { day: true } })
    expect(new Date(line.at).toISOString()).toBe('2026-02-28T15:00:00.000Z')
  })

  it('refuses what belongs to another customer or is in another currency', async () => {
    const theirs = await invoice({ customerId: other })
    expect((await pay(theirs)).problem.errors).toMatchObject([{ path: 'body.invoiceId' }])
    expect((await pay(await invoice(), { currency: 'USD' })).problem.errors).toMatchObject([{ path: 'body.currency' }])
    const note = { kind: 'NOTE' as const, body: '別の会社の人', contactIds: [stranger] }
    expect((await admin.call(createCommunication, { params: { id }, body: note })).status).toBe(422)
    const ticket = { customerId: id, contactId: stranger, subject: '印刷できない', openedAt: '2026-03-01T00:00:00Z' }
    expect((await admin.call(createTicket, { body: ticket })).status).toBe(422)
  })
})

describe('tickets', () => {
  const ticket = (more: object) =>
    admin.call(createTicket, { body: { subject: '印刷できない', openedAt: '2026-03-01T00:00:00Z', ...more } })

  it('have external ids that are unique in their source', async () => {
    expect((await ticket({ externalId: '1001', source: 'zendesk' })).status).toBe(201)
    expect((await ticket({ externalId: '1001' })).status).toBe(201)
    expect((await ticket({ externalId: '1001', source: 'zendesk' })).status).toBe(422)
  })

  it('are counted at the contact that has them', async () => {
    const colleague = await contact('西 由美', id)
    const count = async (of: string) => (await admin.call(getContact, { params: { id: of } })).body.ticketCount
    const made = (await ticket({ customerId: id, contactId: person })).body.id
    expect(await count(person)).toBe(1)
    await admin.call(updateTicket, { params: { id: made }, body: { contactId: colleague } })
    expect([await count(person), await count(colleague)]).toEqual([0, 1])
    expect(
      (await admin.call(updateTicket, { params: { id: made }, body: { resolvedAt: '2026-02-01T00:00:00Z' } })).status,
    ).toBe(422)
    await admin.call(deleteTicket, { params: { id: made } })
    expect(await count(colleague)).toBe(0)
  })
})

describe('values and rules', () => {
  it('refuses websites that run, years that are slips, tiers that leave customers out', async () => {
    const make = (body: object) => admin.call(createCustomer, { body: { name: '試験', ...body } })
    for (const website of ['javascript:alert(1.2)', 'data:text/html,a.b', 'a@b.example', 'ftp://a.example']) {
      expect((await make({ website })).status, website).toBe(422)
    }
    for (const website of ['hokushin.example', 'https://hokushin.example:8443/a?b=c', '例え.jp']) {
      expect((await make({ website })).status, website).toBe(201)
    }
    expect((await make({ renewalOn: '0000-01-01' })).status).toBe(422)
    expect((await make({ mrr: 100_000_000_000 })).status).toBe(422)
    expect((await make({ mrr: 99_999_999_999 })).status).toBe(201)
    const tier = {
      key: 'a',
      category: 'TRIAL' as const,
      ja: '一般',
      en: 'General',
      csmRatio: null,
      responseHours: null,
      touchJa: '',
      touchEn: '',
    }
    const preview = (measure: 'plan' | 'licences', more: object) =>
      admin.call(previewTierModel, {
        body: { preset: 'own', measure, currency: 'JPY', rates: {}, tiers: [{ ...tier, ...more }] },
      })
    expect((await preview('plan', {})).status).toBe(422)
    expect((await preview('plan', { plans: ['Free'] })).status).toBe(200)
    expect((await preview('licences', { minimum: 5 })).status).toBe(422)
    expect((await preview('licences', {})).status).toBe(200)
  })

  it('counts in a bulk change whom it makes another', async () => {
    const change = async (body: object) =>
      (await admin.call(bulkUpdateCustomers, { body: { ids: [id, other], ...body } })).body
    expect(await change({ segment: '製造' })).toMatchObject({ matched: 2, changed: 2 })
    expect(await change({ segment: '製造' })).toMatchObject({ matched: 2, changed: 0 })
    await admin.call(bulkUpdateCustomers, { body: { ids: [id], addTags: ['重点'] } })
    expect(await change({ addTags: ['重点'], dryRun: true })).toMatchObject({ matched: 2, changed: 1 })
    expect(await change({ removeTags: ['重点'] })).toMatchObject({ matched: 2, changed: 1 })
  })

  it('names the views that filter by a field', async () => {
    const field = (
      await admin.call(createAttribute, {
        body: { record: 'customer', key: 'branches', label: '拠点数', type: 'number' },
      })
    ).body.id
    const filter = JSON.stringify({ all: [{ field: 'attributes.branches', op: 'at_least', value: 3 }] })
    await admin.call(createView, {
      body: { screen: 'customers', name: '多拠点', definition: { filter }, shared: false },
    })
    expect((await admin.call(attributeUses, { params: { id: field } })).body.views).toMatchObject([{ name: '多拠点' }])
  })

  it('says in words what is missing or not in its form', async () => {
    const send = async (payload: object) =>
      (
        await admin.send({
          method: 'POST',
          url: '/api/v1/customer-success/customers',
          payload,
          headers: { 'accept-language': 'ja' },
        })
      ).problem.errors
    expect(await send({})).toMatchObject([{ path: 'body.name', message: '入力してください。' }])
    expect(await send({ name: 'a', currency: 'yen' })).toMatchObject([{ message: '形式が正しくありません。' }])
  })
})
