import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { createHealthScore } from '../../signals/health/contract.ts'
import { createCustomer, getCustomer, updateCustomer } from '../accounts/contract/customers.ts'
import {
  attributeUses,
  createAttribute,
  createTag,
  deleteAttribute,
  deleteTag,
  listAttributes,
  listTags,
  updateAttribute,
  updateTag,
} from '../attributes/contract/attributes.ts'
import { createInvoice, createPayment, listInvoices } from '../billing/contract.ts'
import { bulkSaveContacts, createContact, deleteContact, getContact, updateContact } from '../contacts/contract.ts'
import { createContract } from '../contracts/contract.ts'
import { createAnswer, listAnswers } from '../feedback/contract.ts'
import { createTicket, updateTicket } from '../support/contract.ts'
import { createView, deleteView, listViews, updateView } from '../views/contract.ts'
import { createCommunication, deleteCommunication, getTimeline, updateCommunication } from './contract.ts'

let application: TestApplication
let company: TestCompany
let admin: Caller
let id: string
let person: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  admin = company.admin
  id = (await admin.call(createCustomer, { body: { name: '北辰精密工業株式会社', status: 'ACTIVE' } })).body.id
  person = (
    await admin.call(createContact, { body: { name: '森田 千尋', customerId: id, email: 'Morita@Example.com' } })
  ).body.id
})
afterAll(() => application.end())

const timeline = async (query: Record<string, string> = {}) =>
  (await admin.call(getTimeline, { params: { id }, query: { limit: '100', ...query } })).body.items

describe('one timeline (CUS-7)', () => {
  it('shows conversations, tickets, bills, surveys, revenue and changes, latest first, once each', async () => {
    const at = (day: number) => `2026-10-${String(day).padStart(2, '0')}T03:00:00Z`
    await admin.call(createCommunication, {
      params: { id },
      body: { kind: 'CALL', body: '後任は森田さん', occurredAt: at(1), contactIds: [person], durationMinutes: 15 },
    })
    await admin.call(createTicket, {
      body: { customerId: id, contactId: person, subject: '帳票が文字化けする', openedAt: at(2), priority: 'HIGH' },
    })
    const invoice = (
      await admin.call(createInvoice, {
        body: {
          customerId: id,
          amount: 110_000,
          currency: 'JPY',
          issuedOn: '2026-10-03',
          dueOn: '2026-10-20',
          number: 'INV-1',
        },
      })
    ).body.id
    await admin.call(createPayment, {
      body: {
        customerId: id,
        invoiceId: invoice,
        amount: 110_000,
        currency: 'JPY',
        attemptedAt: at(21),
        outcome: 'FAILED',
        failureReason: '残高不足',
      },
    })
    await admin.call(createPayment, {
      body: { customerId: id, invoiceId: invoice, amount: 110_000, currency: 'JPY', attemptedAt: at(25) },
    })
    await admin.call(createAnswer, {
      body: { contactId: person, kind: 'NPS', score: 3, answeredAt: at(5), comment: '遅い' },
    })
    await admin.call(createContract, { params: { id }, body: { amount: 100_000, startsOn: '2026-10-06' } })
    await admin.call(updateCustomer, { params: { id }, body: { status: 'AT_RISK' } })
    await admin.call(createHealthScore, { params: { id }, body: { overallScore: 31 } })
    const kinds = (await timeline()).map(item => item.kind)
    for (const kind of [
      'communication.call',
      'ticket.opened',
      'invoice.issued',
      'payment.failed',
      'survey.nps',
      'revenue.new',
      'history.status',
      'history.tier',
      'health.scored',
    ]) {
      expect(kinds.filter(known => known === kind).length, kind).toBeGreaterThan(0)
    }
    const moments = (await timeline()).map(item => new Date(item.at).getTime())
    expect(moments).toEqual(moments.toSorted((one, other) => other - one))
    const first = (await timeline({ groups: 'contact' }))[0]!
    expect(first).toMatchObject({
      body: '後任は森田さん',
      contacts: [{ name: '森田 千尋' }],
      details: { durationMinutes: 15 },
    })
    expect((await admin.call(listInvoices, { query: { customerId: id } })).body.items[0]).toMatchObject({
      status: 'PAID',
      paidOn: '2026-10-25',
      daysLate: 5,
      failedAttempts: 1,
    })
    expect((await admin.call(listAnswers, { query: { customerId: id } })).body.items).toHaveLength(1)
    expect((await admin.call(getContact, { params: { id: person } })).body).toMatchObject({
      nps: 3,
      ticketCount: 1,
      email: 'morita@example.com',
    })
  })

  it('is filtered by group, person and words, and paged without gaps', async () => {
    expect(new Set((await timeline({ groups: 'support,billing' })).map(item => item.group))).toEqual(
      new Set(['support', 'billing']),
    )
    expect((await timeline({ contactId: person })).map(item => item.kind).sort()).toEqual([
      'communication.call',
      'survey.nps',
      'ticket.opened',
    ])
    expect((await timeline({ search: '文字化け' })).map(item => item.kind)).toEqual(['ticket.opened'])
    expect((await admin.call(getTimeline, { params: { id }, query: { groups: 'nonsense' } })).status).toBe(422)
    const all = (await timeline()).map(item => `${item.kind} ${item.id}`)
    const paged: string[] = []
    let cursor: string | undefined
    do {
      const { body } = await admin.call(getTimeline, {
        params: { id },
        query: { limit: '3', ...(cursor ? { cursor } : {}) },
      })
      paged.push(...body.items.map(item => `${item.kind} ${item.id}`))
      cursor = body.next ?? undefined
    } while (cursor)
    expect(paged).toEqual(all)
  })

  it('lets people correct what they wrote themselves, and moves the last contact', async () => {
    const csm = await newMember(company, 'csm')
    const made = await csm.call(createCommunication, {
      params: { id },
      body: { kind: 'MEETING', subject: '定例', body: '議事録', contactIds: [person] },
    })
    expect(made.status).toBe(201)
    expect(made.body.authorId).toBe(csm.memberId)
    const { lastContactAt } = (await admin.call(getCustomer, { params: { id } })).body
    expect(lastContactAt).toBe(made.body.occurredAt)
    const other = await newMember(company, 'support_l1')
    expect((await other.call(updateCommunication, { params: { id: made.body.id }, body: { body: 'x' } })).status).toBe(
      403,
    )
    expect(
      (await csm.call(updateCommunication, { params: { id: made.body.id }, body: { body: '訂正' } })).body.body,
    ).toBe('訂正')
    expect((await csm.call(deleteCommunication, { params: { id: made.body.id } })).status).toBe(204)
    expect((await admin.call(getCustomer, { params: { id } })).body.lastContactAt).toBe('2026-10-01T03:00:00+00:00')
    expect(
      (
        await csm.call(createCommunication, {
          params: { id },
          body: { kind: 'NOTE', body: 'x', contactIds: [company.tenantId] },
        })
      ).status,
    ).toBe(422)
  })
})

describe('contacts (CUS-2)', () => {
  it('have one address each in a company, and are saved many at once', async () => {
    expect(
      (await admin.call(createContact, { body: { name: '別人', email: 'morita@example.com' } })).problem.errors![0]!
        .path,
    ).toBe('body.email')
    expect((await admin.call(createContact, { body: {} })).status).toBe(422)
    expect((await admin.call(createContact, { body: { email: 'a@x.test\r\nBcc: b@x.test' } })).status).toBe(422)
    const { body } = await admin.call(bulkSaveContacts, {
      body: {
        rows: [
          { email: 'morita@example.com', title: '部長' },
          { email: 'new@example.com', customerId: id },
          { name: '名前だけ' },
          { email: 'new@example.com' },
        ],
      },
    })
    expect(body.rows.map(row => row.outcome)).toEqual(['updated', 'created', 'refused', 'refused'])
    expect((await admin.call(getContact, { params: { id: person } })).body).toMatchObject({
      name: '森田 千尋',
      title: '部長',
    })
  })

  it('leave, and are deleted without their tickets', async () => {
    const gone = (await admin.call(createContact, { body: { name: '高橋 信一郎', customerId: id } })).body.id
    const ticket = (
      await admin.call(createTicket, {
        body: { customerId: id, contactId: gone, subject: '残る', openedAt: '2026-10-09T00:00:00Z' },
      })
    ).body.id
    await admin.call(updateContact, { params: { id: gone }, body: { leftOn: '2026-11-12' } })
    expect((await timeline({ groups: 'change' })).filter(item => item.kind === 'contact.left')).toHaveLength(1)
    expect((await admin.call(deleteContact, { params: { id: gone } })).status).toBe(204)
    const kept = await admin.call(updateTicket, { params: { id: ticket }, body: { status: 'RESOLVED' } })
    expect(kept.body).toMatchObject({ contactId: null, status: 'RESOLVED' })
  })
})

describe('attributes, tags and views (CUS-8)', () => {
  it('attributes keep key and type; choices in use stay; deleting says what it touches', async () => {
    const made = await admin.call(createAttribute, {
      body: { record: 'customer', key: 'channel', label: '経路', type: 'one_of', options: ['紹介', 'Web'] },
    })
    expect(
      (await admin.call(createAttribute, { body: { record: 'customer', key: 'channel', label: 'x', type: 'text' } }))
        .status,
    ).toBe(422)
    expect(
      (await admin.call(createAttribute, { body: { record: 'customer', key: 'Bad Key', label: 'x', type: 'text' } }))
        .status,
    ).toBe(422)
    expect(
      (await admin.call(createAttribute, { body: { record: 'customer', key: 'empty', label: 'x', type: 'one_of' } }))
        .status,
    ).toBe(422)
    expect(
      (await admin.call(updateCustomer, { params: { id }, body: { attributes: { channel: '電話' } } })).problem
        .errors![0]!.path,
    ).toBe('body.attributes.channel')
    await admin.call(updateCustomer, { params: { id }, body: { attributes: { channel: '紹介' } } })
    const params = { id: made.body.id }
    expect((await admin.call(updateAttribute, { params, body: { options: ['Web'] } })).status).toBe(422)
    expect(
      (await admin.call(updateAttribute, { params, body: { options: ['Web', '紹介', '展示会'], label: '獲得経路' } }))
        .status,
    ).toBe(204)
    await admin.call(createView, {
      body: { screen: 'customers', name: '紹介', definition: { columns: ['name', 'attributes.channel'] } },
    })
    expect((await admin.call(attributeUses, { params })).body).toMatchObject({ records: 1, views: [{ name: '紹介' }] })
    expect((await admin.call(listAttributes, { query: { record: 'customer' } })).body.items).toMatchObject([
      { key: 'channel', used: 1, label: '獲得経路' },
    ])
    expect((await admin.call(deleteAttribute, { params })).status).toBe(204)
    expect((await admin.call(getCustomer, { params: { id } })).body.attributes).toEqual({})
    expect(
      (
        await (
          await newMember(company, 'csm')
        ).call(createAttribute, { body: { record: 'customer', key: 'k', label: 'k', type: 'text' } })
      ).status,
    ).toBe(403)
  })

  it('tags are joined when renamed to one that is there', async () => {
    const old = (await admin.call(createTag, { body: { name: '重要' } })).body.id
    await admin.call(createTag, { body: { name: '重点' } })
    await admin.call(updateCustomer, { params: { id }, body: { tags: ['重要'] } })
    await admin.call(updateTag, { params: { id: old }, body: { name: '重点' } })
    expect((await admin.call(getCustomer, { params: { id } })).body.tags).toEqual(['重点'])
    const [tag] = (await admin.call(listTags)).body.items.filter(item => item.name === '重点')
    expect(tag).toMatchObject({ customers: 1, contacts: 0 })
    await admin.call(deleteTag, { params: { id: tag!.id } })
    expect((await admin.call(getCustomer, { params: { id } })).body.tags).toEqual([])
  })

  it('views are one’s own until shared', async () => {
    const csm = await newMember(company, 'csm')
    const mine = (
      await csm.call(createView, { body: { screen: 'customers', name: '私の', definition: { sort: 'arr' } } })
    ).body.id
    const seen = async (caller: Caller) =>
      (await caller.call(listViews, { query: { screen: 'customers' } })).body.items.map(view => view.name)
    expect(await seen(csm)).toContain('私の')
    expect(await seen(admin)).not.toContain('私の')
    expect((await admin.call(updateView, { params: { id: mine }, body: { name: '盗む' } })).status).toBe(404)
    await csm.call(updateView, { params: { id: mine }, body: { shared: true } })
    expect(await seen(admin)).toContain('私の')
    const stranger = await newMember(company, 'analyst')
    expect((await stranger.call(deleteView, { params: { id: mine } })).status).toBe(404)
    expect((await admin.call(deleteView, { params: { id: mine } })).status).toBe(204)
  })
})
