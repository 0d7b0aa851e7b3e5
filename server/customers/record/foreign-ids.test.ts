import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { createActivity } from '../../engage/advocacy/contract.ts'
import { createPlan } from '../../engage/plans/contract.ts'
import { createReview } from '../../engage/reviews/contract.ts'
import {
  bulkUpdateCustomers,
  createCustomer,
  handOver,
  listCustomers,
  updateCustomer,
} from '../accounts/contract/customers.ts'
import { createInvoice, createPayment } from '../billing/contract.ts'
import { createContact, listContacts } from '../contacts/contract.ts'
import { createContract } from '../contracts/contract.ts'
import { merge, previewMerge } from '../duplicates/contract.ts'
import { createAnswer } from '../feedback/contract.ts'
import { createTicket, listTickets } from '../support/contract.ts'
import { createCommunication } from '../timeline/contract.ts'

/** Ids of another company inside bodies and filters (06-trust A2): refused, or as if they were not there. */

let application: TestApplication
let company: TestCompany
let other: TestCompany
let own: string
const foreign = { customer: '', contact: '', member: '', contract: '', invoice: '' }
/** Stands in every text of the other company: no answer to this one may hold it. */
const marker = 'マーカー7f3a'

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  other = await newCompany(application, `${marker}株式会社`)
  own = (await company.admin.call(createCustomer, { body: { name: '自社の顧客' } })).body.id
  const { admin } = other
  foreign.customer = (await admin.call(createCustomer, { body: { name: `${marker}顧客`, tags: [marker] } })).body.id
  foreign.contact = (await admin.call(createContact, { body: { name: marker, customerId: foreign.customer } })).body.id
  foreign.member = (await newMember(other, 'csm')).memberId
  const params = { id: foreign.customer }
  foreign.contract = (await admin.call(createContract, { params, body: { amount: 1, startsOn: '2026-01-01' } })).body.id
  const bill = { customerId: foreign.customer, amount: 1, currency: 'JPY', issuedOn: '2026-01-01', dueOn: '2026-01-31' }
  foreign.invoice = (await admin.call(createInvoice, { body: bill })).body.id
})
afterAll(() => application.end())

describe('ids of another company (A2)', () => {
  it('are refused inside bodies', async () => {
    const { admin } = company
    const params = { id: own }
    const at = '2026-01-01T00:00:00Z'
    const bill = { customerId: own, amount: 1, currency: 'JPY' }
    const answers = {
      parent: await admin.call(updateCustomer, { params, body: { parentId: foreign.customer } }),
      owner: await admin.call(updateCustomer, { params, body: { ownerId: foreign.member } }),
      'hand-over': await admin.call(handOver, { body: { ids: [own], toId: foreign.member } }),
      contact: await admin.call(createContact, { body: { name: 'x', customerId: foreign.customer } }),
      'ticket, customer': await admin.call(createTicket, {
        body: { subject: 's', openedAt: at, customerId: foreign.customer },
      }),
      'ticket, contact': await admin.call(createTicket, {
        body: { subject: 's', openedAt: at, contactId: foreign.contact },
      }),
      invoice: await admin.call(createInvoice, {
        body: { ...bill, contractId: foreign.contract, issuedOn: '2026-01-01', dueOn: '2026-01-31' },
      }),
      payment: await admin.call(createPayment, { body: { ...bill, invoiceId: foreign.invoice, attemptedAt: at } }),
      answer: await admin.call(createAnswer, {
        body: { kind: 'NPS', score: 1, answeredAt: at, contactId: foreign.contact },
      }),
      note: await admin.call(createCommunication, {
        params,
        body: { kind: 'NOTE', body: 'x', contactIds: [foreign.contact] },
      }),
      plan: await admin.call(createPlan, {
        params,
        body: { name: 'p', type: 'ANNUAL', stakeholders: [{ contactId: foreign.contact, name: 'x', role: 'SPONSOR' }] },
      }),
      'plan, owner': await admin.call(createPlan, {
        params,
        body: { name: 'p', type: 'ANNUAL', ownerId: foreign.member },
      }),
      review: await admin.call(createReview, {
        params,
        body: {
          type: 'ANNUAL',
          scheduledAt: at,
          actionItems: [{ title: 't', ownerId: foreign.member, dueOn: null, done: false }],
        },
      }),
      activity: await admin.call(createActivity, {
        params,
        body: { type: 'WEBINAR', title: 't', contactId: foreign.contact },
      }),
      merge: await admin.call(merge, { body: { record: 'customer', keptId: own, mergedId: foreign.customer } }),
      preview: await admin.call(previewMerge, {
        body: { record: 'customer', keptId: foreign.customer, mergedId: own },
      }),
    }
    for (const [name, { status, text }] of Object.entries(answers)) {
      expect([name, status >= 400 && status < 500]).toEqual([name, true])
      expect(text).not.toContain(marker)
    }
  })

  it('find and change nothing in filters and bulk changes', async () => {
    const { admin } = company
    for (const query of [
      { ownerId: foreign.member },
      { parentId: foreign.customer },
      { tag: marker },
      { search: marker },
    ]) {
      expect((await admin.call(listCustomers, { query })).body.items).toEqual([])
    }
    expect((await admin.call(listContacts, { query: { customerId: foreign.customer } })).body.items).toEqual([])
    expect((await admin.call(listTickets, { query: { contactId: foreign.contact } })).body.items).toEqual([])
    const bulk = await admin.call(bulkUpdateCustomers, { body: { ids: [foreign.customer], segment: '奪取' } })
    expect(bulk.body).toEqual({ matched: 0, changed: 0, samples: [] })
    const moved = await admin.call(handOver, { body: { ids: [foreign.customer], toId: null } })
    expect(moved.body).toMatchObject({ matched: 0, changed: 0 })
  })

  it('do not tell that an external id is in use elsewhere', async () => {
    await other.admin.call(createCustomer, { body: { name: 'x', externalId: 'SAME' } })
    expect((await company.admin.call(createCustomer, { body: { name: 'y', externalId: 'SAME' } })).status).toBe(201)
  })
})
