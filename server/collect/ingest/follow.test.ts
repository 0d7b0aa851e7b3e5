import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { startWorker } from '../../../tests/support/imports.ts'
import { newSource, rollUpFaults, type TestSource } from '../../../tests/support/ingest.ts'
import { findCustomers } from '../../customers/accounts/queries/match.ts'
import { updateContact } from '../../customers/contacts/contract.ts'
import { findContacts } from '../../customers/contacts/queries/match.ts'
import { listMerges, merge, undoMerge } from '../../customers/duplicates/contract.ts'
import { getTimeline } from '../../customers/timeline/contract.ts'
import { contactUsage, customerUsage } from './contract/usage.ts'

let application: TestApplication
let company: TestCompany
let source: TestSource
let worker: { close(): Promise<void> }

beforeAll(async () => {
  application = await testApplication()
  // What follows a change is a job: it runs as it does in the product.
  worker = startWorker(application)
})
beforeEach(async () => {
  company = await newCompany(application)
  source = await newSource(company)
})
afterAll(async () => {
  await worker.close()
  await application.end()
})

const day = 86_400_000
const at = (daysAgo: number) => new Date(Date.now() - daysAgo * day).toISOString()

async function send(...batch: Record<string, unknown>[]) {
  const answer = await new Caller(application).send({
    method: 'POST',
    url: '/v1/batch',
    headers: { authorization: `Basic ${btoa(`${source.writeKey}:`)}` },
    payload: { batch: batch.map(message => ({ messageId: randomUUID(), timestamp: at(1), ...message })) },
  })
  expect(answer.status).toBe(200)
}

async function customerId(externalId: string): Promise<string> {
  const [id] = await asSystem(company, ctx => findCustomers(ctx, [{ externalId }]))
  return id ?? ''
}

async function contactId(externalId: string): Promise<string> {
  const [id] = await asSystem(company, ctx => findContacts(ctx, [{ externalId }]))
  return id ?? ''
}

type Usage = { features: { feature: string; events: number; contacts: number }[] }
const featuresOf = ({ features }: Usage) => features.map(({ feature, events, contacts }) => [feature, events, contacts])

async function usedBy(id: string) {
  const { status, body } = await company.admin.call(customerUsage, { params: { id }, query: { days: 10 } })
  return status === 200 ? featuresOf(body) : []
}

async function usedByContact(id: string) {
  const { status, body } = await company.admin.call(contactUsage, { params: { id }, query: { days: 10 } })
  return status === 200 ? featuresOf(body) : []
}

async function undoLast() {
  const { items } = (await company.admin.call(listMerges, { query: {} })).body
  expect((await company.admin.call(undoMerge, { params: { id: items[0]!.id } })).status).toBe(204)
}

const wait = { timeout: 20_000, interval: 100 }

describe('use follows the records (CUS-4)', () => {
  it('goes to the customer into which another was merged, and returns when that is undone', async () => {
    await send(
      { type: 'group', userId: 'u1', groupId: 'g1' },
      { type: 'group', userId: 'u2', groupId: 'g2' },
      { type: 'track', event: 'Export', userId: 'u1' },
      { type: 'track', event: 'Export', userId: 'u2' },
    )
    await expect.poll(async () => usedBy(await customerId('g2')), wait).toEqual([['Export', 1, 1]])
    const [kept, merged] = [await customerId('g1'), await customerId('g2')]
    const body = { record: 'customer', keptId: kept, mergedId: merged }
    expect((await company.admin.call(merge, { body })).status).toBe(201)
    await expect.poll(() => usedBy(kept), wait).toEqual([['Export', 2, 2]])
    // What arrives under the old id meanwhile belongs to the kept one as well.
    await send({ type: 'track', event: 'Export', userId: 'u2' })
    await expect.poll(() => usedBy(kept), wait).toEqual([['Export', 3, 2]])
    await undoLast()
    await expect.poll(() => usedBy(merged), wait).toEqual([['Export', 2, 1]])
    expect(await usedBy(kept)).toEqual([['Export', 1, 1]])
    expect(await rollUpFaults(company)).toEqual([])
  })

  it('goes to the contact into which another was merged, and returns when that is undone', async () => {
    await send(
      { type: 'group', userId: 'u1', groupId: 'g1' },
      { type: 'group', userId: 'u2', groupId: 'g1' },
      { type: 'track', event: 'Export', userId: 'u1' },
      { type: 'track', event: 'Export', userId: 'u2' },
    )
    await expect.poll(async () => usedByContact(await contactId('u2')), wait).toEqual([['Export', 1, 1]])
    const [kept, merged] = [await contactId('u1'), await contactId('u2')]
    const body = { record: 'contact', keptId: kept, mergedId: merged }
    expect((await company.admin.call(merge, { body })).status).toBe(201)
    await expect.poll(() => usedByContact(kept), wait).toEqual([['Export', 2, 1]])
    await undoLast()
    await expect.poll(() => usedByContact(merged), wait).toEqual([['Export', 1, 1]])
    expect(await usedByContact(kept)).toEqual([['Export', 1, 1]])
    expect(await rollUpFaults(company)).toEqual([])
  })

  it('goes with a contact that somebody moves, unless calls say to whom it belongs', async () => {
    await send(
      { type: 'group', userId: 'calls', groupId: 'g1' },
      { type: 'group', userId: 'other', groupId: 'g2' },
      { type: 'track', event: 'Export', userId: 'calls' },
      { type: 'track', event: 'Share', userId: 'silent' },
    )
    await expect.poll(async () => usedByContact(await contactId('silent')), wait).toEqual([['Share', 1, 1]])
    const [from, to] = [await customerId('g1'), await customerId('g2')]
    const move = async (user: string, customer: string) =>
      company.admin.call(updateContact, { params: { id: await contactId(user) }, body: { customerId: customer } })
    expect((await move('silent', from)).status).toBe(200)
    await expect
      .poll(async () => (await usedBy(from)).map(([feature]) => feature).sort(), wait)
      .toEqual(['Export', 'Share'])
    await move('silent', to)
    await move('calls', to)
    await expect.poll(() => usedBy(to), wait).toEqual([['Share', 1, 1]])
    expect(await usedBy(from)).toEqual([['Export', 1, 1]])
    expect(await rollUpFaults(company)).toEqual([])
  })
})

describe('the first use of a feature (CUS-5)', () => {
  const told = async (id: string) => {
    const { body } = await company.admin.call(getTimeline, { params: { id }, query: { groups: 'product', limit: 50 } })
    return body.items.map(({ kind, details }) => [kind, details.feature, details.contactId])
  }

  it('is told once on the timeline of the customer; page views, old use and merges are no news', async () => {
    await send(
      { type: 'group', userId: 'u1', groupId: 'g1', timestamp: at(30) },
      { type: 'group', userId: 'u2', groupId: 'g2', timestamp: at(30) },
      { type: 'track', event: 'Old', userId: 'u1', timestamp: at(9) },
      { type: 'page', name: 'Home', userId: 'u1' },
      { type: 'track', event: 'Export', userId: 'u1' },
      { type: 'track', event: 'Export', userId: 'u1' },
      { type: 'track', event: 'Share', userId: 'u2' },
    )
    await expect.poll(async () => (await told(await customerId('g1'))).length, wait).toBe(1)
    const [kept, merged, first] = [await customerId('g1'), await customerId('g2'), await contactId('u1')]
    expect(await told(kept)).toEqual([['usage.feature_first_used', 'Export', first]])
    await send({ type: 'track', event: 'Old', userId: 'u1' }, { type: 'track', event: 'New', userId: 'u1' })
    await expect.poll(async () => (await told(kept)).map(([, feature]) => feature), wait).toEqual(['New', 'Export'])
    const body = { record: 'customer', keptId: kept, mergedId: merged }
    expect((await company.admin.call(merge, { body })).status).toBe(201)
    await expect.poll(async () => (await usedBy(kept)).length, wait).toBe(5)
    await send({ type: 'track', event: 'Share', userId: 'u1' }, { type: 'track', event: 'Latest', userId: 'u1' })
    await expect.poll(async () => (await told(kept)).map(([, feature]) => feature), wait).toContain('Latest')
    const shares = (await told(kept)).filter(([, feature]) => feature === 'Share')
    expect(shares.length).toBeLessThanOrEqual(1)
  })
})
