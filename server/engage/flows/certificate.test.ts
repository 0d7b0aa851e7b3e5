import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, stranger, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { enrolmentsOf, logOf, newCustomers, runAt, startedFlow } from '../../../tests/support/flows.ts'
import { newJourney, newTemplate, readyMadeJourney } from '../../../tests/support/onboarding.ts'
import { createContact } from '../../customers/contacts/contract.ts'
import { certificateFile, listCertificates } from '../onboarding/contract/certificates.ts'
import { certificateOnCustomerPage, createJourneyLink, readCustomerPage } from '../onboarding/contract/customer-page.ts'
import { completeJourney } from '../onboarding/contract/journeys.ts'

let application: TestApplication
let company: TestCompany
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

const title = { ja: '管理者研修', en: 'Administrator training' }
const certify = [{ key: 'certify', kind: 'certificate', title, next: null }] as const
const issued = async (customerId: string) =>
  (await company.admin.call(listCertificates, { query: { customerId } })).body.items
const newContact = async (body: { name: string; customerId?: string }) =>
  (await company.admin.call(createContact, { body })).body.id
const file = (id: string, by = company.admin) => by.call(certificateFile, { params: { id }, query: { language: 'en' } })
const isPdf = ({ status, headers }: { status: number; headers: Record<string, unknown> }) =>
  status === 200 && headers['content-type'] === 'application/pdf'

describe('FLW-2 certificate', () => {
  it('is issued once to each customer, whoever else is in the flow', async () => {
    const customers = await newCustomers(company, 3)
    const flow = await startedFlow(company, [...certify], customers)
    await runAt(company)
    await runAt(company)
    for (const customer of customers) {
      expect(await issued(customer)).toEqual([expect.objectContaining({ title, contactName: null })])
    }
    expect((await enrolmentsOf(company, flow)).map(logOf)).toEqual([
      ['certify next'],
      ['certify next'],
      ['certify next'],
    ])
    const { id } = (await issued(customers[0]!))[0]!
    expect(isPdf(await file(id))).toBe(true)
    const other = await newCompany(application)
    expect((await file(id, other.admin)).status).toBe(404)
    expect((await other.admin.call(listCertificates, { query: { customerId: customers[0]! } })).body.items).toEqual([])
  })

  it('is the person’s where people go through the flow; who has no customer is passed by with the reason', async () => {
    const customer = await newCustomer(company)
    const person = await newContact({ customerId: customer, name: '山田 花子' })
    const alone = await newContact({ name: '鈴木 一郎' })
    const flow = await startedFlow(company, [...certify], [person, alone], { subject: 'contact' })
    await runAt(company)
    expect(await issued(customer)).toEqual([expect.objectContaining({ contactName: '山田 花子' })])
    expect((await enrolmentsOf(company, flow)).flatMap(logOf).sort()).toEqual(['certify next', 'certify no_customer'])
  })

  it('ONB-2: the customer finds it on its shared page, beside that of the completed journey, and no other', async () => {
    const [customer, foreign] = await newCustomers(company, 2)
    const template = await newTemplate(company, readyMadeJourney('saas-success'))
    const journey = await newJourney(company, template, customer!)
    const link = await company.admin.call(createJourneyLink, { params: { id: journey }, body: {} })
    const token = link.body.address.split('#')[1]!
    await startedFlow(company, [...certify], [customer!, foreign!])
    await runAt(company)
    const reader = stranger(application)
    const shown = async () => (await reader.call(readCustomerPage, { body: { token } })).body.certificates
    const fetched = (id: string, by = token) =>
      reader.call(certificateOnCustomerPage, { body: { token: by, id, language: 'ja' } })
    const [own] = await shown()
    expect([own!.title, (await shown()).length]).toEqual([title, 1])
    expect(isPdf(await fetched(own!.id))).toBe(true)
    // Not completed yet, another customer's, and without the secret.
    const [others] = await issued(foreign!)
    for (const [id, by] of [
      [journey, token],
      [others!.id, token],
      [own!.id, `${token.slice(0, -2)}xx`],
    ] as const) {
      expect((await fetched(id, by)).status).toBe(404)
    }
    const done = await company.admin.call(completeJourney, { params: { id: journey }, body: { reason: '検収済み' } })
    expect(done.status).toBe(200)
    expect((await shown()).map(({ id }) => id)).toEqual([journey, own!.id])
    expect(isPdf(await fetched(journey))).toBe(true)
  })

  it('with a code the page gives nothing before the code is entered', async () => {
    const customer = await newCustomer(company)
    const template = await newTemplate(company, readyMadeJourney('early-success'))
    const journey = await newJourney(company, template, customer)
    const body = { email: 'kyaku@example.test' }
    const link = await company.admin.call(createJourneyLink, { params: { id: journey }, body })
    const token = link.body.address.split('#')[1]!
    await startedFlow(company, [...certify], [customer])
    await runAt(company)
    const [own] = await issued(customer)
    const reader = stranger(application)
    expect((await reader.call(readCustomerPage, { body: { token } })).body).toEqual({
      needsCode: true,
      certificates: [],
      journey: null,
    })
    const fetched = await reader.call(certificateOnCustomerPage, { body: { token, id: own!.id, language: 'ja' } })
    expect(fetched.status).toBe(404)
  })
})
