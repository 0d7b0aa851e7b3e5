import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember } from '../../../tests/support/factories.ts'
import { removeMember } from '../../platform/identity/contract/company.ts'
import { createCustomer, getCustomer, handOver, undoHandOver } from './contract/customers.ts'

let application: TestApplication

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())

describe('taking a hand-over back', () => {
  it('gives customers to nobody where the former owner has left', async () => {
    const company = await newCompany(application)
    const { admin } = company
    const [leaving, other] = [await newMember(company, 'csm'), await newMember(company, 'csm')]
    const body = { name: 'A', status: 'ACTIVE', ownerId: leaving.memberId } as const
    const { id } = (await admin.call(createCustomer, { body })).body
    const done = await admin.call(handOver, { body: { ids: [id], toId: other.memberId } })
    expect((await admin.call(removeMember, { params: { id: leaving.memberId } })).status).toBe(204)
    expect((await admin.call(undoHandOver, { params: { id: done.body.batchId! } })).body.changed).toBe(1)
    expect((await admin.call(getCustomer, { params: { id } })).body.ownerId).toBeNull()
  })
})
